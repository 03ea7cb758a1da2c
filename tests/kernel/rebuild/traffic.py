"""Everybody at work, while a projection is rebuilt."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlmodel import col, select

from tests.kernel.rebuild.depot import PARCELS, Depot, Parcel
from tests.waiting import let_run, until

PACE_SECONDS = 0.2


@asynccontextmanager
async def traffic(depot: Depot) -> AsyncIterator[None]:
    """Let parcels move, be relayed and be followed meanwhile, and wait until all has settled."""
    stop, enough = asyncio.Event(), asyncio.Event()

    async def settled() -> bool:
        return await depot.facts() == await depot.told()

    async with asyncio.TaskGroup() as working:
        working.create_task(depot.relay.run(stop))
        working.create_task(depot.runner.run(stop))
        writing = [working.create_task(_write(depot, each, enough)) for each in PARCELS[:4]]
        yield
        enough.set()
        await asyncio.wait(writing)
        await until(settled, seconds=60)
        stop.set()


async def _write(depot: Depot, parcel: UUID, enough: asyncio.Event) -> None:
    number = 100
    while not enough.is_set():
        number += 1
        await depot.tell(depot.moved(parcel_id=parcel, number=number))
        await depot.tell(depot.moved(parcel_id=uuid4(), number=number))
        await depot.tell(depot.weighed(parcel_id=parcel, grams=number))
        await let_run(PACE_SECONDS)


class Reader:
    """Asks for all parcels again and again, as an endpoint does, on pooled connections."""

    def __init__(self, depot: Depot) -> None:
        self.seen: list[int] = []
        self._depot = depot
        self._asking = asyncio.create_task(self._ask())

    async def _ask(self) -> None:
        while True:
            async with self._depot.database.transaction() as uow:
                query = select(sa.func.count()).where(col(Parcel.moves) > 0)
                self.seen.append((await uow.session.exec(query)).one())
            await let_run(PACE_SECONDS)

    async def stop(self) -> None:
        """Ask no more; what went wrong is raised here."""
        if self._asking.done():
            await self._asking
        self._asking.cancel()
