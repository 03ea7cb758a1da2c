"""Two groups that can weave, and a buyer: what commands on real services need beforehand."""

import asyncio
from dataclasses import dataclass
from datetime import date, timedelta

from cli.story import ordering, registration, training
from cli.story.cast import Family, groups
from cli.story.stage import Answer, Stage
from cli.story.tale import Tale

GROUPS = 2
MAKERS = 14
FIRST_MONDAY = date(2030, 1, 7)
WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class Workshop:
    """Who can be asked for work, by whom, and for what."""

    group_ids: tuple[str, ...]
    makers: dict[str, list[str]]
    """Household ids by group."""
    partner_id: str
    product_id: str
    weekly: dict[str, int]
    """Pieces a week by group."""

    def order(self, number: str, *, pieces: list[int], due_on: date) -> Answer:
        """Return the body of an order with a line for each of the pieces."""
        price = {"amount": ordering.UNIT_PRICE, "currency": "IDR"}
        lines = [
            {
                "product_id": self.product_id,
                "pieces": each,
                "unit_price": price,
                "due_on": due_on.isoformat(),
            }
            for each in pieces
        ]
        return {
            "partner_id": self.partner_id,
            "partner_order_number": number,
            "ordered_on": "2025-04-02",
            "lines": lines,
        }


async def furnish(stage: Stage) -> Workshop:
    """Tell as much of the story as it takes; told again, it changes nothing."""
    tale = Tale(stage, groups=groups()[:GROUPS])
    tale.families = tuple(family for group in tale.groups for family in group.families)
    ids = await asyncio.gather(*(_register(tale, family) for family in tale.families))
    references = (family.reference for family in tale.families)
    tale.households = dict(zip(references, ids, strict=True))
    for scene in (
        registration.rank,
        training.agree,
        training.enrol,
        training.train,
        training.organise,
        ordering.place,
    ):
        await scene(tale)
    return await _workshop(tale)


async def _register(tale: Tale, family: Family) -> str:
    body = {
        "reference": family.reference,
        "kk_number": family.kk_number,
        "desa_code": family.desa_code,
        "registered_on": "2025-03-03",
        "members": [
            {**vars(member), "birth_date": member.birth_date.isoformat()}
            for member in family.members
        ],
    }
    registrar = tale.as_("kemensos-registrar")
    known = await registrar.do(f"family-{family.reference}", "/v1/households", body)
    return str(known["id"])


async def _workshop(tale: Tale) -> Workshop:
    order = await tale.as_("ooa-buyer").read(f"/v1/orders/{tale.order_id}")
    capacity = await tale.as_("ooa-production").until("/v1/capacity", _all_can_weave)
    return Workshop(
        group_ids=tuple(tale.group_ids.values()),
        makers={tale.group_ids[group.number]: tale.members_of(group) for group in tale.groups},
        partner_id=order["partner_id"],
        product_id=order["lines"][0]["product_id"],
        weekly={each["group_id"]: each["pieces_per_week"] for each in capacity["items"]},
    )


def _all_can_weave(seen: Answer) -> bool:
    return [group["skilled_makers"] for group in seen["items"]] == [MAKERS] * GROUPS


def weeks_from(monday: date, *, weeks: int) -> tuple[date, date]:
    """Return the first and the last day of so many weeks."""
    return monday, monday + weeks * WEEK - timedelta(days=1)
