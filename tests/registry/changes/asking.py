"""Change requests as tests make and decide them."""

from kernel.auth import Actor
from tests.people import KEMENSOS, KEMENSOS_CHECKER
from tests.world import Json, World

DAY = "2025-06-01"
CHANGES = "/v1/household-changes"


async def ask(
    world: World, household_id: str, *, as_: Actor = KEMENSOS, **fields: Json
) -> dict[str, Json]:
    """Ask for a change of the family as it is now."""
    body = {
        "household_id": household_id,
        "household_version": await version_of(world, household_id),
        "changed_on": DAY,
        **fields,
    }
    return await world.registry.do(CHANGES, body, as_=as_)


async def refused(world: World, household_id: str, **fields: Json) -> str:
    """Ask for what cannot be, and return the problem's code."""
    version = await version_of(world, household_id)
    body = {
        "household_id": household_id,
        "household_version": version,
        "changed_on": DAY,
        **fields,
    }
    answer = await world.registry.post(CHANGES, body)
    assert answer.is_client_error
    return str(answer.json()["code"])


async def decide(
    world: World,
    change: dict[str, Json],
    verb: str = "approve",
    *,
    as_: Actor = KEMENSOS_CHECKER,
    **body: Json,
) -> dict[str, Json]:
    """Apply a verb to a request, and return the answer, a problem document too."""
    answer = await world.registry.post(f"{CHANGES}/{change['id']}/{verb}", body or None, as_=as_)
    told: dict[str, Json] = answer.json()
    return told


async def shown(world: World, change: dict[str, Json]) -> dict[str, Json]:
    """Return a request as it is now."""
    return await world.registry.read(f"{CHANGES}/{change['id']}")


async def family(world: World, household_id: str) -> dict[str, Json]:
    """Return a family as it is now."""
    return await world.registry.read(f"/v1/households/{household_id}")


async def version_of(world: World, household_id: str) -> int:
    """Return the version that a family has now."""
    return int((await family(world, household_id))["version"])


async def patch(world: World, household_id: str, **fields: Json) -> None:
    """Change a family without a request."""
    answer = await world.registry.patch(
        f"/v1/households/{household_id}", fields, headers={"If-Match": "*"}
    )
    assert answer.is_success, answer.text
