"""A pendamping works in several areas, each with its days."""

from tests.people import BANTUL_OFFICER
from tests.registry.facilitators.test_caseloads import caseload, entrust, pendamping
from tests.registry.families import BANTUL_DESA, registered
from tests.world import Json, World


async def works_in(world: World, facilitator: str, code: str, since: str = "2025-01-01") -> Json:
    body = {"area_code": code, "valid_from": since}
    return await world.registry.post(f"/v1/facilitators/{facilitator}/areas", body)


async def test_a_second_area_opens_its_families(world: World) -> None:
    rina = await pendamping(world, "P-1")
    [far] = await registered(world, 1, desa_code=BANTUL_DESA)
    before = await entrust(world, rina, far)

    await works_in(world, rina, "34.02")

    assert before.json()["code"] == "REG-0504"
    assert (await entrust(world, rina, far)).json() == {"assigned": 1, "unchanged": 0}


async def test_an_area_counts_on_its_days_only(world: World) -> None:
    rina = await pendamping(world, "P-1")
    [far] = await registered(world, 1, desa_code=BANTUL_DESA)
    await works_in(world, rina, "34.02", since="2025-02-02")

    too_early = await entrust(world, rina, far)

    assert too_early.json()["code"] == "REG-0504"


async def test_an_area_that_ended_keeps_its_families_and_gets_no_new_ones(world: World) -> None:
    rina = await pendamping(world, "P-1")
    [held] = await registered(world, 1)
    await entrust(world, rina, held)
    [area] = (await world.registry.read(f"/v1/facilitators/{rina}/areas"))["items"]

    ended = await world.registry.do(
        f"/v1/facilitators/{rina}/areas/{area['id']}/end", {"on": "2025-01-31"}
    )

    assert (ended["area_code"], ended["valid_until"]) == ("33.02", "2025-01-31")
    assert await caseload(world, rina) == [held]
    [fresh] = await registered(world, 2)
    assert (await entrust(world, rina, fresh)).json()["code"] == "REG-0504"


async def test_an_area_is_recorded_once_at_a_time(world: World) -> None:
    rina = await pendamping(world, "P-1")

    again = await works_in(world, rina, "33.02")
    nowhere = await works_in(world, rina, "99.99")

    assert [each.json()["code"] for each in (again, nowhere)] == ["REG-0508", "REG-0101"]


async def test_an_officer_gives_no_area_elsewhere(world: World) -> None:
    rina = await pendamping(world, "P-1", area_code="34.02")

    refused = await world.registry.post(
        f"/v1/facilitators/{rina}/areas",
        {"area_code": "33.02", "valid_from": "2025-01-01"},
        as_=BANTUL_OFFICER,
    )

    assert (refused.status_code, refused.json()["code"]) == (403, "REG-0515")


async def test_an_area_ends_after_it_began(world: World) -> None:
    rina = await pendamping(world, "P-1")
    area = (await works_in(world, rina, "34.02")).json()

    refused = await world.registry.post(
        f"/v1/facilitators/{rina}/areas/{area['id']}/end", {"on": "2025-01-01"}
    )

    assert (refused.status_code, refused.json()["code"]) == (400, "REG-0510")
