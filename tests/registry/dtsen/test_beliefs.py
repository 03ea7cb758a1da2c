"""What did we believe on a day about a cycle: corrections come beside what they correct."""

from datetime import datetime
from urllib.parse import quote

from contracts.registry import DecileRecorded
from kernel.testing.clock import FrozenClock
from tests.registry.dtsen.deliveries import announced, delivered
from tests.registry.families import BANTUL_DESA, registered
from tests.world import Json, World


def at(moment: datetime) -> str:
    return quote(moment.isoformat())


async def ranked_then_corrected(world: World, clock: FrozenClock) -> tuple[datetime, datetime]:
    """Rank three families, correct one a month later; return a moment after each."""
    await delivered(world, "2025Q1", {"OOA-0001": 2, "OOA-0002": 5, "OOA-0003": 5})
    clock.advance(days=1)
    first = clock.moment
    clock.advance(days=30)
    await delivered(world, "2025Q1", {"OOA-0001": 4, "OOA-0002": 5}, kind="correction")
    clock.advance(days=1)
    return first, clock.moment


async def lines(world: World, family: str, **asked: str) -> list[tuple[str, int]]:
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    page = await world.registry.read(f"/v1/households/{family}/deciles?{query}")
    return [(line["cycle"], line["decile"]) for line in page["items"]]


async def test_a_correction_answers_for_its_own_time_only(
    world: World, frozen: FrozenClock
) -> None:
    family, *_ = await registered(world, 1, 2, 3)
    before_all = frozen.moment
    frozen.advance(days=1)
    first, then = await ranked_then_corrected(world, frozen)

    believed = [
        await lines(world, family, cycle="2025Q1", known_at=at(moment))
        for moment in (before_all, first, then)
    ]

    assert believed == [[], [("2025Q1", 2)], [("2025Q1", 4)]]
    assert await lines(world, family) == [("2025Q1", 2), ("2025Q1", 4)]


async def test_a_correction_is_shown_and_told_where_it_differs(
    world: World, frozen: FrozenClock
) -> None:
    family, other, _ = await registered(world, 1, 2, 3)

    await ranked_then_corrected(world, frozen)

    assert (await world.registry.read(f"/v1/households/{family}"))["decile"] == 4
    told = [
        (str(event.household_id), event.decile) for event in await world.published(DecileRecorded)
    ]
    assert told.count((family, 4)) == 1
    assert told.count((other, 5)) == 1


async def test_a_correction_of_an_older_cycle_leaves_the_decile_shown(world: World) -> None:
    [family] = await registered(world, 1)
    await delivered(world, "2025Q1", {"OOA-0001": 2})
    await delivered(world, "2025Q2", {"OOA-0001": 3})

    await delivered(world, "2025Q1", {"OOA-0001": 9}, kind="correction")

    assert (await world.registry.read(f"/v1/households/{family}"))["decile"] == 3
    assert await lines(world, family, cycle="2025Q1") == [("2025Q1", 2), ("2025Q1", 9)]


async def test_there_is_nothing_to_correct_in_an_unknown_cycle(world: World) -> None:
    refused = await world.registry.post(
        "/v1/dtsen-deliveries", announced("2025Q1", kind="correction")
    )

    assert (refused.status_code, refused.json()["code"]) == (409, "REG-0305")


async def test_a_distribution_tells_what_was_believed_where_families_lived(
    world: World, frozen: FrozenClock
) -> None:
    family, *_ = await registered(world, 1, 2, 3)
    first, then = await ranked_then_corrected(world, frozen)
    await move(world, family, to=BANTUL_DESA)

    async def deciles(moment: datetime) -> Json:
        path = f"/v1/decile-distributions?cycle=2025Q1&within=33.02&known_at={at(moment)}"
        return (await world.registry.read(path))["total"]["deciles"]

    assert await deciles(first) == [0, 1, 0, 0, 2, 0, 0, 0, 0, 0]
    assert await deciles(then) == [0, 0, 0, 1, 2, 0, 0, 0, 0, 0]


async def move(world: World, family: str, *, to: str) -> None:
    moved = await world.registry.patch(
        f"/v1/households/{family}", {"desa_code": to}, headers={"If-Match": "*"}
    )
    assert moved.is_success, moved.text
