"""What this service knows of families, however the registry's events arrive."""

from uuid import UUID

import pytest

from contracts.registry import HouseholdChanged, HouseholdStatus
from kernel.ids import new_id
from kernel.testing.mischief import Order
from tests.empowerment.ministry import SUMBERAGUNG, Ministry
from tests.people import BANTUL_OFFICER


async def test_a_family_is_known_once_the_registry_told_of_it(ministry: Ministry) -> None:
    pendamping = new_id()

    siti = await ministry.family(decile=2, facilitator_id=pendamping)

    known = await ministry.http.read(f"/v1/candidates/{siti}")
    assert (known["status"], known["decile"]) == ("assisted", 2)
    assert known["facilitator_id"] == str(pendamping)


@pytest.mark.parametrize(
    ("deliveries", "order"), [(1, "as sent"), (2, "reversed"), (3, "reversed")]
)
async def test_every_order_of_arrival_gives_the_same_knowledge(
    ministry: Ministry, deliveries: int, order: Order
) -> None:
    pendamping, siti = new_id(), new_id()
    world = ministry.world
    await world.announce(ministry.entrusted(siti, pendamping), key=siti)
    await world.announce(ministry.ranked(siti, 3, cycle="2025Q2"), key=siti)
    await world.announce(ministry.ranked(siti, 1, cycle="2025Q1"), key=siti)
    await world.announce(ministry.became(siti, HouseholdStatus.EMPOWERED), key=siti)
    moved = HouseholdChanged(
        household_id=siti, desa_code=SUMBERAGUNG, member_count=5, adult_women=2
    )
    await world.announce(moved, key=siti)

    await world.settle(deliveries=deliveries, order=order)

    known = await ministry.http.read(f"/v1/candidates/{siti}")
    assert (known["desa_code"], known["status"]) == (SUMBERAGUNG, "empowered")
    assert (known["decile"], known["decile_cycle"]) == (3, "2025Q2")
    assert known["facilitator_id"] == str(pendamping)


async def test_a_family_ranked_before_it_is_told_of_is_not_shown_yet(ministry: Ministry) -> None:
    siti = new_id()
    await ministry.world.announce(ministry.ranked(siti, 1), key=siti)
    await ministry.world.settle()

    unknown = await ministry.http.get(f"/v1/candidates/{siti}")

    assert (unknown.status_code, unknown.json()["code"]) == (404, "EMP-1101")
    assert await ministry.world.dead_letters() == []


async def test_families_are_listed_by_region_pendamping_and_sight(ministry: Ministry) -> None:
    pendamping = new_id()
    here = await ministry.family(desa_code=SUMBERAGUNG, facilitator_id=pendamping)
    there = await ministry.family()

    async def listed(query: str, **rest: object) -> list[str]:
        page = await ministry.http.read(f"/v1/candidates?{query}", **rest)
        return [family["id"] for family in page["items"]]

    assert await listed("region=33.02") == [there]
    assert await listed(f"facilitator_id={pendamping}&status=assisted") == [here]
    assert await listed("", as_=BANTUL_OFFICER) == [here]


async def test_a_closed_family_enters_no_programme(ministry: Ministry) -> None:
    programme, siti = await ministry.programme(), await ministry.family()
    closed = ministry.became(UUID(siti), HouseholdStatus.CLOSED)
    await ministry.world.announce(closed, key=UUID(siti))
    await ministry.world.settle()

    refused = await ministry.propose(programme, siti)

    assert (refused.status_code, refused.json()["code"]) == (409, "EMP-1102")
