"""Deliveries of BPS, as the tests speak of them."""

from services.registry.dtsen import publishing
from tests.people import KEMENSOS, KEMENSOS_CHECKER
from tests.world import Json, World


def announced(cycle: str = "2025Q1", **rest: Json) -> dict[str, Json]:
    """Return what opens a delivery."""
    return {
        "cycle": cycle,
        "reference_date": "2025-03-31",
        "document_number": f"BPS/{cycle}/{rest.get('kind', 'ranking')}",
        "received_on": "2025-04-10",
        **rest,
    }


async def opened(world: World, cycle: str = "2025Q1", **rest: Json) -> str:
    """Open a delivery, and return its path."""
    delivery = await world.registry.do("/v1/dtsen-deliveries", announced(cycle, **rest))
    return f"/v1/dtsen-deliveries/{delivery['id']}"


async def fill(world: World, path: str, deciles: dict[str, int]) -> Json:
    """Put lines into a delivery by references."""
    items = [{"reference": key, "decile": decile} for key, decile in deciles.items()]
    return await world.registry.post(f"{path}/lines", {"items": items})


async def send(world: World, path: str, text: str | bytes) -> Json:
    """Put a CSV file into a delivery."""
    return await world.registry.call(
        "POST", f"{path}/file", content=text, headers={"Content-Type": "text/csv"}, as_=KEMENSOS
    )


async def publish(world: World, path: str) -> dict[str, Json]:
    """Let a second person close a delivery and the worker deal with it; return it."""
    await world.registry.do(f"{path}/close", as_=KEMENSOS_CHECKER)
    while (seen := await world.registry.read(path))["state"] != "published":
        await publishing.TIMER.run_once(world.registry.database)
    return seen


async def delivered(
    world: World, cycle: str, deciles: dict[str, int], **rest: Json
) -> dict[str, Json]:
    """Open, fill, close and publish a delivery."""
    path = await opened(world, cycle, **rest)
    answer = await fill(world, path, deciles)
    assert answer.is_success, answer.text
    return await publish(world, path)
