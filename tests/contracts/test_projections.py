"""Every projection of every service can be made anew from its events, and is equal."""

import asyncio
import random
from datetime import date

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel

from kernel.db import Database
from kernel.events import Event
from kernel.rebuilding import Rebuild
from kernel.shadow import BOOKKEEPING, Difference
from kernel.subscriptions import Subscriptions
from tests.contracts import histories
from tests.empowerment.ministry import Ministry
from tests.world import Json, World

Rows = dict[str, list[tuple[Json, ...]]]

RIGHT = Difference(0, 0, 0)


def projections(world: World) -> list[tuple[Database, Subscriptions]]:
    """Return every projection with the database that it is in."""
    return [
        (driver.database, each)
        for driver in world.drivers
        for each in driver.module.SERVICE.subscriptions
        if each.projection
    ]


async def kept(world: World) -> Rows:
    """Return the rows of every projection, but for the books that they keep of themselves."""
    return {
        str(model.__tablename__): await rows_of(database, model)
        for database, when in projections(world)
        for model in when.projection
    }


async def rows_of(database: Database, model: type[SQLModel]) -> list[tuple[Json, ...]]:
    """Return a table's rows, sorted."""
    table = model.metadata.tables[str(model.__tablename__)]
    facts = [column for column in table.columns if column.name not in BOOKKEEPING]
    async with database.engine.connect() as connection:
        found = await connection.execute(sa.select(*facts).order_by(*table.primary_key))
        return [tuple(row) for row in found]


async def rebuilt(world: World) -> set[Difference]:
    """Rebuild every projection, with nobody's mischief, and return what differed."""
    world.log.deliveries, world.log.order = 1, "as sent"
    made = [Rebuild(database, when, world.log) for database, when in projections(world)]
    found = await asyncio.gather(*(each.run() for each in made))
    return {difference for tables in found for difference in tables.values()}


async def lose(world: World) -> None:
    """Empty the tables of every projection."""
    for database, when in projections(world):
        tables = ", ".join(f'"{model.__tablename__}"' for model in when.projection)
        async with database.engine.begin() as connection:
            await connection.execute(sa.text(f"TRUNCATE {tables} CASCADE"))


@pytest.mark.parametrize("seed", range(3))
async def test_it_is_equal_however_its_events_came(world: World, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - dice
    kinds = {name for _, when in projections(world) for name in when.handlers}
    history = histories.events([Event.known[name] for name in sorted(kinds)], dice, count=200)
    await histories.tell(world, history)
    await world.settle(deliveries=2, order="reversed")
    before = await kept(world)

    differences = await rebuilt(world)
    await lose(world)
    await rebuilt(world)

    assert differences == {RIGHT}
    assert await kept(world) == before
    assert all(before.values()), "the history says something to each table"
    assert await world.dead_letters() == []


async def test_it_is_equal_after_a_year_of_work(world: World) -> None:
    ministry = Ministry(world)
    programme, families = await ministry.programme(), await ministry.families(6)
    await ministry.enrolled(programme, families)
    await ministry.train(programme, dict.fromkeys(families, 80))
    await ministry.working_group(families[:5])
    for family in families[:3]:
        await ministry.judged(family, accepted=35, rejected=1, on=date(2025, 8, 20))
        await ministry.paid(family, 1_070_000, on=date(2025, 9, 25))
    await ministry.verified(families[0], 1_600_000)
    proposal = (await ministry.propose_graduation(families[0])).json()
    await ministry.decide(proposal, "approve")
    await world.settle(deliveries=2, order="reversed")
    before = await kept(world)

    differences = await rebuilt(world)

    assert differences == {RIGHT}
    assert await kept(world) == before
    assert all(before.values())
