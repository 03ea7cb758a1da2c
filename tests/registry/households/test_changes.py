"""A family's record changes by versions, and can be read as of a day."""

from uuid import UUID, uuid4

from contracts.empowerment import (
    EnrolmentActivated,
    ExitKind,
    GraduationApproved,
    GraduationReversed,
)
from contracts.registry import HouseholdChanged, HouseholdStatusChanged
from tests.registry.families import KEDUNGBANTENG, registered, status_of
from tests.world import World


async def test_a_change_needs_the_version_that_was_read(world: World) -> None:
    [family] = await registered(world, 1)
    path = f"/v1/households/{family}"
    patch = {"phone": "081299999999"}

    missing = await world.registry.patch(path, patch)
    changed = await world.registry.patch(path, patch, headers={"If-Match": '"1"'})
    stale = await world.registry.patch(path, patch, headers={"If-Match": '"1"'})

    assert [missing.status_code, changed.status_code, stale.status_code] == [428, 200, 412]
    assert changed.headers["ETag"] == '"2"'


async def test_a_move_is_told_and_a_new_phone_is_not(world: World) -> None:
    [family] = await registered(world, 1)
    path = f"/v1/households/{family}"

    await world.registry.patch(path, {"phone": None}, headers={"If-Match": "*"})
    await world.registry.patch(path, {"desa_code": KEDUNGBANTENG}, headers={"If-Match": "*"})

    [event] = await world.published(HouseholdChanged)
    assert event.desa_code == KEDUNGBANTENG


async def test_a_family_is_read_as_of_a_day(world: World) -> None:
    [family] = await registered(world, 1)
    path = f"/v1/households/{family}"
    moved = {"desa_code": KEDUNGBANTENG, "changed_on": "2025-06-01"}
    await world.registry.patch(path, moved, headers={"If-Match": "*"})

    async def desa_on(day: str) -> list[str]:
        page = await world.registry.read(f"{path}/versions?as_of={day}")
        return [version["desa_code"] for version in page["items"]]

    assert await desa_on("2025-01-14") == []
    assert await desa_on("2025-05-31") == ["33.02.05.2007"]
    assert await desa_on("2025-06-01") == [KEDUNGBANTENG]
    every = await world.registry.read(f"{path}/versions")
    assert [version["version"] for version in every["items"]] == [1, 2]


async def test_a_closed_family_does_not_change(world: World) -> None:
    [family] = await registered(world, 1)
    path = f"/v1/households/{family}"
    await world.registry.do(f"{path}/close", {"reason": "moved", "closed_on": "2025-06-01"})

    refused = await world.registry.patch(path, {"phone": None}, headers={"If-Match": "*"})

    assert (refused.status_code, refused.json()["code"]) == (409, "REG-0207")


async def test_a_family_is_not_closed_before_it_came(world: World) -> None:
    [family] = await registered(world, 1)

    refused = await world.registry.post(
        f"/v1/households/{family}/close", {"reason": "moved", "closed_on": "2025-01-01"}
    )

    assert (refused.status_code, refused.json()["code"]) == (400, "REG-0209")


def enrolled(family: str) -> EnrolmentActivated:
    return EnrolmentActivated(
        enrolment_id=uuid4(),
        household_id=UUID(family),
        programme_id=uuid4(),
        scheme="kube",
        activated_on="2025-03-01",
    )


def graduated(family: str) -> GraduationApproved:
    return GraduationApproved(
        proposal_id=uuid4(),
        household_id=UUID(family),
        exit_kind=ExitKind.SELF_RELIANT,
        decided_on="2025-10-01",
        criteria_version="2025",
    )


def reversed_(family: str) -> GraduationReversed:
    return GraduationReversed(
        proposal_id=uuid4(), household_id=UUID(family), reversed_on="2025-12-01"
    )


async def test_a_family_goes_from_aid_to_income_and_back(world: World) -> None:
    [family] = await registered(world, 1)

    await world.announce(enrolled(family))
    await world.settle(deliveries=2)
    empowered = await status_of(world, family)
    await world.announce(graduated(family))
    await world.settle(deliveries=2)
    after = await status_of(world, family)
    await world.announce(reversed_(family))
    await world.settle(deliveries=2)

    assert [empowered, after, await status_of(world, family)] == [
        "empowered",
        "graduated",
        "returned",
    ]
    told = await world.published(HouseholdStatusChanged)
    assert [event.status for event in told] == ["empowered", "graduated", "returned"]
    assert await world.dead_letters() == []


async def test_events_that_overtake_each_other_end_the_same(world: World) -> None:
    [family] = await registered(world, 1)

    await world.announce(enrolled(family), graduated(family))
    await world.settle(order="reversed")

    assert await status_of(world, family) == "graduated"
