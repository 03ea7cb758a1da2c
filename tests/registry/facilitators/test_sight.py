"""A caseload shows its reader the families that the reader may see, and no others."""

from tests.people import OOA
from tests.registry.facilitators.test_caseloads import caseload, entrust, pendamping
from tests.registry.families import registered
from tests.world import World


async def test_a_company_finds_no_foreign_family_in_a_caseload(world: World) -> None:
    rina = await pendamping(world, "P-1")
    [family] = await registered(world, 1)
    await entrust(world, rina, family)

    seen = await world.registry.read(f"/v1/facilitators/{rina}/caseload", as_=OOA)

    assert seen["items"] == []
    assert await caseload(world, rina) == [family]
