"""The registry in figures."""

from tests.registry.families import BANTUL_DESA, registered
from tests.world import World


async def test_the_figures_count_families_where_they_live_and_stand(world: World) -> None:
    [first, _] = await registered(world, 1, 2)
    [closed] = await registered(world, 3, desa_code=BANTUL_DESA)
    await registered(world, 4, desa_code=BANTUL_DESA)
    await world.registry.do(
        "/v1/assistance", {"household_id": first, "scheme": "pkh", "started_on": "2025-01-20"}
    )
    await world.registry.do(
        f"/v1/households/{closed}/close", {"reason": "moved", "closed_on": "2025-03-01"}
    )

    summary = await world.registry.read("/v1/summaries/registry")

    assert summary["sample"]
    assert summary["figures"] == {
        "households": 3,
        "kabupaten": 2,
        "by_kabupaten": {
            "33.02": {"name": "Banyumas", "households": 2},
            "34.02": {"name": "Bantul", "households": 1},
        },
        "assisted": 1,
        "empowered": 0,
        "graduated": 0,
    }


async def test_an_empty_registry_has_figures_too(world: World) -> None:
    summary = await world.registry.read("/v1/summaries/registry")

    assert (summary["figures"]["households"], summary["sample"]) == (0, False)
