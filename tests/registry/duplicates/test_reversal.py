"""Whatever two families have, and whatever people choose: undoing a merge loses nothing."""

from datetime import date
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.registry.duplicates.pairs import (
    again,
    child,
    compare,
    merged,
    picture,
    register,
    tickets,
    undone,
)
from tests.registry.families import card
from tests.world import World

SCHEMES = ("pkh", "sembako", "pbi_jkn")
ONE_AFTER_ANOTHER = count(1)

schemes = st.sets(st.sampled_from(SCHEMES))
changes = st.sets(st.sampled_from(["phone", "decile", "aid"]))


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    theirs=schemes,
    ours=schemes,
    more=st.integers(0, 3),
    moving=st.integers(0, 3),
    changed=changes,
)
async def test_a_merge_and_its_undoing_leave_every_row_as_it_was(
    world: World, theirs: set[str], ours: set[str], more: int, moving: int, changed: set[str]
) -> None:
    first, second, ticket = await twins(world, more=more)
    for household_id, received in ((first, ours), (second, theirs)):
        await give(world, household_id, *sorted(received))
    before = await picture(world, second)
    survivor_before = await picture(world, first)

    found = (await world.registry.read(f"/v1/households/{second}"))["members"][2:][:moving]
    moves = [{"member_id": member["id"], "relation": "other"} for member in found]
    await merged(world, ticket, into=first, moves=moves)
    await world.settle()
    await change(world, first, changed)
    await undone(world, ticket)
    await world.settle(deliveries=2)

    assert await picture(world, second) == before
    if not changed:
        assert await picture(world, first) == survivor_before
    assert (await picture(world, first))["members"] == survivor_before["members"]


async def twins(world: World, *, more: int) -> tuple[str, str, str]:
    """Register a family twice, the second time with more children; return both, and the ticket."""
    number = next(ONE_AFTER_ANOTHER) * 40
    told = card(number)
    other = again(told, number)
    for nth in range(more):
        born = date.fromordinal(date(2000, 1, 1).toordinal() + number + nth)
        other["members"].append(child(born, "Joko Contoh"))
    first, second = await register(world, told), await register(world, other)
    await compare(world)
    [ticket] = [
        each["id"]
        for each in await tickets(world, "?limit=200")
        if set(each["household_ids"]) == {first, second}
    ]
    return first, second, ticket


async def give(world: World, household_id: str, *received: str) -> None:
    """Start aid."""
    for scheme in received:
        told = {"household_id": household_id, "scheme": scheme, "started_on": "2025-02-01"}
        await world.registry.do("/v1/assistance", told)


async def change(world: World, household_id: str, changed: set[str]) -> None:
    """Let the survivor live on."""
    if "phone" in changed:
        await world.registry.patch(
            f"/v1/households/{household_id}", {"phone": None}, headers={"If-Match": "*"}
        )
    if "aid" in changed:
        page = await world.registry.read(f"/v1/assistance?household_id={household_id}&active=true")
        for aid in page["items"][:1]:
            ended = {"ended_on": "2026-12-31", "reason": "own_wish"}
            await world.registry.do(f"/v1/assistance/{aid['id']}/end", ended)
    if "decile" in changed:
        ranked = {
            "reference_date": "2026-01-01",
            "source": "BPS",
            "items": [{"household_id": household_id, "decile": 2}],
        }
        await world.registry.do("/v1/welfare-cycles/2026Q1/deciles", ranked)
