"""Who moved between two cycles, and how a cycle lies: the same totals at every level."""

import random
from collections import Counter

import pytest

from tests.people import BANTUL_OFFICER
from tests.registry.dtsen.deliveries import delivered
from tests.registry.families import BANTUL_DESA, KEBASEN, KEDUNGBANTENG, registered
from tests.world import Json, World

DIRECTIONS = ("up", "down", "same", "new", "left")
LEVELS = {"province": 2, "kabupaten": 5, "kecamatan": 8, "desa": 13}
PLACES = (KEBASEN, KEDUNGBANTENG, BANTUL_DESA)

Ranks = dict[str, tuple[str, int | None, int | None]]
"""Where a family lives, and its decile in the earlier and the later cycle, by reference."""


def direction(since: int | None, now: int | None) -> str:
    if since is None:
        return "new"
    if now is None:
        return "left"
    return "same" if since == now else "up" if now > since else "down"


async def two_cycles(world: World, seed: int) -> Ranks:
    """Rank families of three desa in two cycles at random, some in one of them only."""
    chance = random.Random(seed)  # noqa: S311 - the same families each time
    deciles = [None, *range(1, 11)]
    ranks: Ranks = {}
    for number in range(1, 31):
        desa = chance.choice(PLACES)
        await registered(world, number, desa_code=desa)
        since, now = chance.choice(deciles), chance.choice(deciles)
        if since or now:
            ranks[f"OOA-{number:04}"] = (desa, since, now)
    await delivered(world, "2025Q1", {key: since for key, (_, since, _) in ranks.items() if since})
    await delivered(world, "2025Q2", {key: now for key, (_, _, now) in ranks.items() if now})
    return ranks


async def moved(world: World, **asked: str) -> dict[str, Json]:
    query = "".join(f"&{name}={value}" for name, value in asked.items())
    return await world.registry.read(f"/v1/decile-movements?cycle=2025Q2&since=2025Q1{query}")


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_movements_and_distributions_are_what_one_counts_at_every_level(
    world: World, seed: int
) -> None:
    ranks = await two_cycles(world, seed)

    for level, length in LEVELS.items():
        answer = await moved(world, level=level)
        expected: dict[str, Counter[str]] = {}
        for desa, since, now in ranks.values():
            expected.setdefault(desa[:length], Counter())[direction(since, now)] += 1
        shown = {each["region_code"]: Counter(directions(each)) for each in answer["items"]}
        assert shown == expected, level
        assert directions(answer["total"]) == +sum(expected.values(), Counter())
        lies = await world.registry.read(f"/v1/decile-distributions?cycle=2025Q2&level={level}")
        summed = [
            sum(column) for column in zip(*(each["deciles"] for each in lies["items"]), strict=True)
        ]
        assert summed == lies["total"]["deciles"], level
    flows = {(each["since"], each["now"]): each["families"] for each in answer["flows"]}
    assert flows == Counter((since, now) for _, since, now in ranks.values())


def directions(answer: dict[str, Json]) -> Counter[str]:
    return +Counter({name: answer[name] for name in DIRECTIONS})


async def test_movements_within_a_region_are_of_that_region(world: World) -> None:
    ranks = await two_cycles(world, 4)

    answer = await moved(world, within="33.02", level="kecamatan")
    elsewhere = await moved(world, within="12")

    there = [direction(since, now) for desa, since, now in ranks.values() if desa[:5] == "33.02"]
    assert directions(answer["total"]) == Counter(there)
    assert {each["region_code"] for each in answer["items"]} == {"33.02.05", "33.02.23"}
    assert directions(elsewhere["total"]) == Counter()


async def test_an_officer_counts_the_families_of_the_area(world: World) -> None:
    ranks = await two_cycles(world, 5)

    path = "/v1/decile-movements?cycle=2025Q2&since=2025Q1&level=kabupaten"
    answer = await world.registry.read(path, as_=BANTUL_OFFICER)

    there = [direction(since, now) for desa, since, now in ranks.values() if desa == BANTUL_DESA]
    assert directions(answer["total"]) == Counter(there)


async def test_many_regions_come_in_pages(world: World) -> None:
    await two_cycles(world, 6)

    first = await moved(world, level="desa", limit="2")
    rest = await moved(world, level="desa", limit="2", cursor=first["next"])

    codes = [each["region_code"] for each in (*first["items"], *rest["items"])]
    assert codes == sorted(PLACES)
    assert rest["next"] is None
