"""A rebuild that is killed has changed nothing, wherever it was; the next one begins anew."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg
import pytest

from cli.places import ROOT
from kernel.projections import TURN, number_of
from tests.kernel.rebuild.depot import PARCELS, Depot
from tests.waiting import until

WRONG_MOVES = 99


@dataclass(frozen=True)
class Moment:
    """When a rebuild is killed: what holds it back, and how it shows that it came so far."""

    held_by: str
    reached: str


# As a batch of the live consumer does.
HAS_THE_TURN = "SELECT pg_advisory_xact_lock_shared($1, $2)"
MOMENTS = {
    "while it reads": Moment(
        HAS_THE_TURN, "SELECT EXISTS (SELECT FROM inbox WHERE consumer LIKE '%@rebuild')"
    ),
    "while it waits for its turn": Moment(
        HAS_THE_TURN,
        "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)",
    ),
    "while it mends rows": Moment(
        f"SELECT $1::int, $2::int FROM parcel WHERE moves = {WRONG_MOVES} FOR UPDATE",  # noqa: S608 - our own number
        "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        " AND application_name LIKE 'rebuild %')",
    ),
}
STILL_THERE = (
    "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE application_name LIKE 'rebuild %'"
    " AND datname = current_database())"
)


@asynccontextmanager
async def held_back(depot: Depot, statement: str) -> AsyncIterator[None]:
    """Let a transaction stand in the rebuild's way."""
    connection = await asyncpg.connect(depot.database.url)
    async with connection.transaction():
        await connection.execute(statement, TURN, number_of(depot.when.consumer))
        yield
    await connection.close()


@pytest.mark.parametrize("lasting", ["embedded"], indirect=True)
@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
async def test_killed_it_has_changed_nothing(lasting: Depot, moment: Moment) -> None:
    spoilt = f"UPDATE parcel SET moves = {WRONG_MOVES} WHERE id = :parcel"  # noqa: S608 - our own number
    await lasting.spoil(spoilt, PARCELS[0])
    before = await lasting.facts()

    async def holds(query: str) -> bool:
        ((answer,),) = await lasting.rows(query)
        return bool(answer)

    async with held_back(lasting, moment.held_by):
        argv = ("-m", "tests.kernel.rebuild.rebuilder", lasting.database.url, lasting.name)
        process = await asyncio.create_subprocess_exec(sys.executable, *argv, cwd=ROOT)
        await until(lambda: holds(moment.reached), seconds=60)
        process.kill()
        await process.wait()
    await until(lambda: holds(f"SELECT NOT ({STILL_THERE})"), seconds=60)

    assert await lasting.facts() == before
    assert await lasting.count("pg_namespace WHERE nspname LIKE 'rebuild%'") == 1
    await lasting.tell(lasting.moved(parcel_id=PARCELS[1], number=70))
    await lasting.rebuild().run()
    await lasting.settle()
    assert await lasting.count("pg_namespace WHERE nspname LIKE 'rebuild%'") == 0
