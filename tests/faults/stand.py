"""Where the scenarios on commands stand: real processes, the gateway, and their databases."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from uuid import UUID

import asyncpg
import psutil

from cli.places import SERVICES
from cli.story.stage import Stage
from cli.supervisor import Patience
from cli.webapp import GATEWAY, is_ready
from kernel import http
from kernel.sight import SYSTEM
from tests.faults.calls import Callers
from tests.live import machine
from tests.live.machine import Machine
from tests.waiting import until
from tests.world import Json

MOST_AT_ONCE = 256
BACK_SECONDS = 120.0
SETTLED_SECONDS = 120.0

CHECKER = "checker"
"""What our own connections to the databases are called: no fault strikes them."""

_shared: list[Machine] = []

TROUBLE = (
    "SELECT (SELECT count(*) FROM outbox WHERE published_at IS NULL) AS unpublished,"
    " (SELECT count(*) FROM parked) AS parked,"
    " (SELECT count(*) FROM dead_letter WHERE redriven_at IS NULL) AS dead"
)


@dataclass(frozen=True)
class Stand:
    """A running platform, its clients, and what a checker reads of it."""

    machine: Machine
    callers: Callers
    stage: Stage
    databases: Mapping[str, asyncpg.Pool]

    async def rows(self, service: str, query: str, *given: Json) -> Sequence[asyncpg.Record]:
        """Read a service's own database."""
        rows: Sequence[asyncpg.Record] = await self.databases[service].fetch(query, *given)
        return rows

    async def told(self, service: str, event_type: str) -> dict[UUID, int]:
        """Return how often an event was told, by its key."""
        query = "SELECT key, count(*) AS times FROM outbox WHERE type = $1 GROUP BY key"
        return {row["key"]: row["times"] for row in await self.rows(service, query, event_type)}

    async def end(self, service: str, *, kill: bool) -> None:
        """End a process, by SIGKILL or by SIGTERM; come back when the next one is ready."""
        victim = self._process_of(service)
        victim.kill() if kill else victim.terminate()
        await asyncio.to_thread(victim.wait, BACK_SECONDS)
        await self.ready(service)

    async def grown(self, service: str) -> None:
        """Wait until the supervisor would not count another death as one of a sick process."""
        born = self._process_of(service).create_time()

        async def holds() -> bool:
            return time.time() - born > Patience.quick_death

        await until(holds, seconds=BACK_SECONDS)

    def _process_of(self, name: str) -> psutil.Process:
        if name != "gateway":
            return self.machine.process_of(name)
        family = psutil.Process(self.machine.registered().pid).children(recursive=True)
        [found] = [each for each in family if machine.command(each)[1:] == [*GATEWAY]]
        return found

    async def ready(self, service: str) -> None:
        """Wait until a process takes requests."""
        port = self.machine.ports.listed()[service]

        async def holds() -> bool:
            return await asyncio.to_thread(partial(is_ready, port))

        await until(holds, seconds=BACK_SECONDS)

    async def trouble(self) -> dict[str, int]:
        """Return how many events wait, are parked or are given up, over all services."""
        found = {"unpublished": 0, "parked": 0, "dead": 0}
        for service in SERVICES:
            [row] = await self.rows(service, TROUBLE)
            found = {name: count + row[name] for name, count in found.items()}
        return found


@contextmanager
def shared() -> Iterator[Machine]:
    """Run one platform for every scenario that this process runs meanwhile."""
    with machine.platform() as running:
        _shared.append(running)
        try:
            yield running
        finally:
            _shared.remove(running)


@asynccontextmanager
async def open_stand(*more_doors: str, at: Machine | None = None) -> AsyncIterator[Stand]:
    """Stand before the platform `at`, before the shared one, or before one of our own."""
    with ExitStack() as running:
        here = at or (_shared[-1] if _shared else running.enter_context(machine.platform()))
        async with AsyncExitStack() as opened:
            doors = [
                await opened.enter_async_context(http.client(url, connections=MOST_AT_ONCE))
                for url in (here.gateway, *more_doors)
            ]
            databases = {
                service: await opened.enter_async_context(_reader(url))
                for service, url in here.databases.items()
            }
            callers = Callers(doors, here.credentials)
            yield Stand(here, callers, Stage(doors[0], here.credentials), databases)


def _reader(url: str) -> asyncpg.Pool:
    named = {"application_name": CHECKER, "anyam.sight": SYSTEM.kind}
    return asyncpg.create_pool(url, min_size=0, max_size=4, server_settings=named)
