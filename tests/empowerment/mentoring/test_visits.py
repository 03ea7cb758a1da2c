"""Visits, planned by people and called for by quality control."""

from datetime import date
from uuid import UUID

from contracts.export import DefectClass, DefectFound, LotRejected
from kernel.ids import new_id
from tests.empowerment.ministry import SUMBERAGUNG, Ministry
from tests.people import BANTUL_OFFICER


async def test_a_rejected_lot_brings_an_instructor_who_knows_the_defects(
    ministry: Ministry,
) -> None:
    group = await ministry.working_group(await ministry.families(5))

    await ministry.world.announce(_rejected(group["id"]))
    await ministry.world.settle(deliveries=2)

    (visit,) = await _planned(ministry, group["id"])
    assert (visit["kind"], visit["planned_on"]) == ("quality", "2025-07-04")
    assert visit["defects"] == [{"code": "MOULD", "defect_class": "major", "pieces": 6}]


async def test_a_scrapped_lot_calls_for_no_visit(ministry: Ministry) -> None:
    group = await ministry.working_group(await ministry.families(5))

    await ministry.world.announce(_rejected(group["id"], final=True))
    await ministry.world.settle()

    assert await _planned(ministry, group["id"]) == []


async def test_a_lot_of_a_group_not_known_yet_waits_and_is_not_lost(ministry: Ministry) -> None:
    group = await ministry.working_group(await ministry.families(5))
    stranger = str(new_id())

    await ministry.world.announce(_rejected(stranger), _rejected(group["id"]))
    await ministry.world.settle()

    assert len(await _planned(ministry, group["id"])) == 1
    assert await _planned(ministry, stranger) == []


async def test_a_visit_is_made_written_down_and_closed(ministry: Ministry) -> None:
    pendamping = new_id()
    siti = await ministry.family(facilitator_id=pendamping)
    planned = await ministry.http.do(
        "/v1/mentoring-visits",
        {"household_id": siti, "kind": "p2k2", "planned_on": "2025-04-01"},
    )
    path = f"/v1/mentoring-visits/{planned['id']}"

    found = {"visited_on": "2025-04-02", "findings": "Tepi masih kasar."}
    recorded = await ministry.http.do(f"{path}/record", {**found, "follow_up_due": "2025-04-20"})
    too_early = await ministry.http.post(
        f"{path}/close", {"closed_on": "2025-04-01", "outcome": "Rapi."}
    )
    closed = await ministry.http.do(
        f"{path}/close", {"closed_on": "2025-04-19", "outcome": "Rapi."}
    )

    assert planned["facilitator_id"] == str(pendamping)
    assert recorded["follow_up_due"] == "2025-04-20"
    assert too_early.json()["code"] == "EMP-0503"
    assert closed["state"] == "closed"


async def test_a_visit_is_to_one_family_or_one_group(ministry: Ministry) -> None:
    visit = {"kind": "coaching", "planned_on": "2025-04-01"}

    nobody = await ministry.http.post("/v1/mentoring-visits", visit)
    both = await ministry.http.post(
        "/v1/mentoring-visits",
        {**visit, "household_id": str(new_id()), "group_id": str(new_id())},
    )

    assert [a.json()["code"] for a in (nobody, both)] == ["EMP-0502", "EMP-0502"]


async def test_an_officer_sees_the_visits_of_his_region(ministry: Ministry) -> None:
    for desa in (SUMBERAGUNG, "33.02.05.2007"):
        family = await ministry.family(desa_code=desa)
        await ministry.http.do(
            "/v1/mentoring-visits",
            {"household_id": family, "kind": "coaching", "planned_on": "2025-04-01"},
        )

    seen = await ministry.http.read("/v1/mentoring-visits", as_=BANTUL_OFFICER)

    assert [visit["desa_code"] for visit in seen["items"]] == [SUMBERAGUNG]


def _rejected(group_id: str, *, final: bool = False) -> LotRejected:
    return LotRejected(
        lot_id=new_id(),
        order_id=new_id(),
        group_id=UUID(group_id),
        pieces=120,
        defects=(DefectFound(code="MOULD", defect_class=DefectClass.MAJOR, pieces=6),),
        rejected_on=date(2025, 7, 1),
        final=final,
    )


async def _planned(ministry: Ministry, group_id: str) -> list[dict[str, object]]:
    listed = await ministry.http.read(f"/v1/mentoring-visits?group_id={group_id}&state=planned")
    items: list[dict[str, object]] = listed["items"]
    return items
