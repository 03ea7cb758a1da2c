"""April to August: every Friday a delivery a group; what passes quality control is accepted."""

import asyncio
from datetime import date, timedelta

from cli.story.cast import Group
from cli.story.stage import Answer, StoryFailed
from cli.story.tale import Tale
from cli.story.work import Week, days_worked, weeks

FAULT = {"code": "ANYAMAN-LONGGAR", "defect_class": "major"}


async def weave(tale: Tale) -> None:
    """Let every group work through its weeks."""
    await asyncio.gather(*(_group_weeks(tale, group) for group in tale.groups))


async def _group_weeks(tale: Tale, group: Group) -> None:
    for week in weeks(group=group.number, share=tale.shares[group.number]):
        await _deliver_and_inspect(tale, group, week)


async def _deliver_and_inspect(tale: Tale, group: Group, week: Week) -> None:
    members, step = tale.members_of(group), f"{group.number:02}-{week.number + 1:02}"
    delivered = await tale.as_("ooa-production").do(
        f"delivery-{step}",
        "/v1/deliveries",
        {
            "reference": f"SJ-{step}",
            "work_order_id": tale.work_orders[group.number],
            "delivered_on": week.delivered_on.isoformat(),
            "counts": [
                {"household_id": maker, "pieces": count, "days_worked": days_worked(count)}
                for maker, count in zip(members, week.counts, strict=True)
                if count
            ],
        },
    )
    lot, on = f"/v1/lots/{delivered['id']}", week.delivered_on + timedelta(days=1)
    aside = [] if week.fate == "passes" else _pieces(members, week.defective)
    await _inspect(tale, f"inspection-{step}", lot, on=on, aside=aside)
    if week.fate == "scrapped":
        body = {"scrapped_on": on.isoformat(), "reason": "Serat berjamur."}
        await tale.as_("ooa-quality").do(f"scrap-{step}", f"{lot}/scrap", body)
    if week.fate == "reworked":
        await _rework(tale, step, lot, week, members)


async def _rework(tale: Tale, step: str, lot: str, week: Week, members: list[str]) -> None:
    mended = tuple(bad - lost for bad, lost in zip(week.defective, week.lost, strict=True))
    on = week.delivered_on + timedelta(days=3)
    repaired = [
        {"household_id": each["household_id"], "pieces": each["pieces"]}
        for each in _pieces(members, mended)
    ]
    body = {"reworked_on": on.isoformat(), "repaired": repaired}
    await tale.as_("ooa-quality").do(f"rework-{step}", f"{lot}/rework", body)
    await _inspect(tale, f"again-{step}", lot, on=on + timedelta(days=1), aside=[])


async def _inspect(tale: Tale, step: str, lot: str, *, on: date, aside: list[Answer]) -> None:
    inspector = tale.as_("ooa-quality")
    body = {"inspected_on": on.isoformat()}
    inspection = await inspector.do(step, f"{lot}/inspections", body)
    found = len(aside)
    result = await inspector.do(
        f"{step}-result",
        f"/v1/inspections/{inspection['id']}/result",
        {
            "inspected_pieces": inspection["plan"]["sample_size"],
            "defects": [{**FAULT, "pieces": found}] if found else [],
            "set_aside": aside,
        },
    )
    wanted = "rejected" if aside else "accepted"
    if result["verdict"] != wanted:
        raise StoryFailed(f"{step}: {wanted} by plan, but the verdict was {result['verdict']}")


def _pieces(members: list[str], counts: tuple[int, ...]) -> list[Answer]:
    return [
        {"household_id": maker, "pieces": count, "code": FAULT["code"]}
        for maker, count in zip(members, counts, strict=True)
        if count
    ]


async def clear_the_workshops(tale: Tale) -> None:
    """Take back what material is left with the groups, and write off what spoiled."""
    production = tale.as_("ooa-production")
    lots = {each["material"]: each["id"] for each in await production.list("/v1/material-lots")}
    for number, work_order in tale.work_orders.items():
        balances = await production.read(f"/v1/material-balances?work_order_id={work_order}")
        for each in balances["items"]:
            await _clear(tale, number, work_order, each, lot_id=lots[each["material"]])


async def _clear(tale: Tale, number: int, work_order: str, balance: Answer, *, lot_id: str) -> None:
    production = tale.as_("ooa-production")
    name = balance["material"].split()[0].upper()
    left = balance["on_hand"] // 1000
    moved = {"material_lot_id": lot_id, "work_order_id": work_order}
    if left > 2:
        wasted = {"kilograms": 1, "wasted_on": "2025-09-01", "reason": "Lembap."}
        reference = f"BUANG-{number:02}-{name}"
        body = {"reference": reference, **moved, **wasted}
        await production.do(reference, "/v1/material-waste", body)
        returned = {"kilograms": left - 2, "returned_on": "2025-09-01"}
        reference = f"KEMBALI-{number:02}-{name}"
        body = {"reference": reference, **moved, **returned}
        await production.do(reference, "/v1/material-returns", body)
