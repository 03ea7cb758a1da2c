"""Makes a projection anew from its events while traffic goes on, then the live one equal to it."""

import asyncio
import time
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress

import asyncpg
import structlog

from kernel import handover
from kernel.db import Database
from kernel.history import History
from kernel.ids import new_id
from kernel.inbox import FETCH_SECONDS, Runner
from kernel.ledger import HistoryIncomplete, Ledger
from kernel.line import Line
from kernel.projections import TURN, ProjectionDatabase, number_of
from kernel.shadow import Difference, Shadow
from kernel.subscriptions import Subscriptions
from kernel.transport.interface import Partition, Transport

log = structlog.get_logger("rebuild")

ALONE = 0x726562  # the class of the advisory locks; their number stands for the consumer
TRY_TO_BE_ALONE = "SELECT pg_try_advisory_lock($1, $2)"
TAKE_THE_TURN = "SELECT pg_advisory_xact_lock($1, $2)"
NEARLY_ALL = 500  # records left, before the live consumer is asked to wait
TURN_SECONDS = 60.0  # for the live consumer's batch to end
PAUSE_SECONDS = 3.0  # how long the live consumer waits before it has another turn
GLANCE_SECONDS = 0.05
TELL_SECONDS = 2.0


class CannotRebuild(Exception):
    """There is nothing here that could be rebuilt, or somebody else does it."""


class Rebuild:
    """One rebuild of one projection; until its last commit it has changed nothing."""

    def __init__(
        self,
        database: Database,
        subscriptions: Subscriptions,
        transport: Transport,
        *,
        replay: str = "",
        allow_gaps: bool = False,
    ) -> None:
        """Read the copies named `replay` first; `allow_gaps` makes do with the events there are.

        Raises:
            CannotRebuild: the consumer is no projection.
        """
        if not subscriptions.projection:
            raise CannotRebuild(f"{subscriptions.consumer} is not declared as a projection")
        self.consumer = subscriptions.consumer
        self._when = subscriptions.named(f"{self.consumer}@rebuild")
        self._group = f"{self.consumer}@{new_id()}"  # new to the log, which shows it everything
        self._database = database
        self._transport = transport
        self._replay = replay
        self._shadow = Shadow(subscriptions.projection, consumer=self.consumer)
        self._ledger = None if allow_gaps else Ledger(database, schema=self._shadow.schema)

    async def run(self) -> dict[str, Difference]:
        """Rebuild, and return what was wrong, table by table.

        Raises:
            CannotRebuild: another rebuild of the projection runs, or the copies are not there.
            HistoryIncomplete: events are missing.
        """
        async with self._alone() as line:
            await self._shadow.make(self._database)
            if self._ledger:
                await self._ledger.open()
            copied = await self._read_the_copies() if self._replay else set[str]()
            async with self._reading(copied=copied) as reading:
                while True:
                    await reading.go_on(until_left=NEARLY_ALL)
                    differences = await self._take_over(line, reading)
                    if differences is not None:
                        return differences

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[Line]:
        """Keep other rebuilds out, and leave nothing behind; nor what a killed one has left."""
        line = await Line.open(self._database.url, name=f"rebuild {self.consumer}")
        try:
            if not await line.value(TRY_TO_BE_ALONE, ALONE, number_of(self.consumer)):
                raise CannotRebuild(f"another rebuild of {self.consumer} runs")
            await self._clear(line)
            try:
                yield line
            finally:
                with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                    await self._clear(line)
        finally:
            await line.close()

    async def _clear(self, line: Line) -> None:
        async with line.transaction() as connection:
            await self._shadow.drop(connection)
            await handover.forget(connection, self._when.consumer)

    async def _read_the_copies(self) -> set[str]:
        """Read the copies to their end, and return the topics whose copy is complete."""
        async with self._reading(replay=self._replay) as reading:
            await reading.go_on(until_left=0)
        if not reading.history.copied:
            raise CannotRebuild(f"no complete copy has the name {self._replay}")
        return reading.history.copied

    @asynccontextmanager
    async def _reading(
        self, *, replay: str = "", copied: Collection[str] = ()
    ) -> AsyncIterator["Reading"]:
        history = History(
            self._transport, group=self._group, ledger=self._ledger, replay=replay, copied=copied
        )
        database = ProjectionDatabase(self._database, opening=self._shadow.opening)
        runner = Runner(database, self._when, history)
        try:
            yield Reading(runner, history)
        finally:
            await runner.close()

    async def _take_over(self, line: Line, reading: "Reading") -> dict[str, Difference] | None:
        """Catch up while the live consumer waits, and make the live tables equal.

        On the connection that keeps others out, so that whoever lost it changes nothing. Return
        None where catching up takes too long.
        """
        async with line.transaction() as connection:
            await self._shadow.analyze(connection)
            number = number_of(self.consumer)
            await connection.execute(TAKE_THE_TURN, TURN, number, timeout=TURN_SECONDS)
            begin = time.monotonic()
            if not await reading.catch_up():
                return None
            differences = await self._shadow.merge(connection)
            await self._hand_over(connection)
        waited = round(time.monotonic() - begin, 3)
        log.info("rebuild.taken_over", consumer=self.consumer, live_waited_seconds=waited)
        return differences

    async def _hand_over(self, connection: asyncpg.Connection) -> None:
        when = self._when
        unknown = await handover.hand_over(
            connection, to=self.consumer, of=when.consumer, types=when.handlers
        )
        if unknown and self._ledger:
            raise HistoryIncomplete(
                f"{unknown} events that {self.consumer} took are not on the log, or failed now"
            )


class Reading:
    """The projection's reactions on their way through the history."""

    def __init__(self, runner: Runner, history: History) -> None:
        self.history = history
        self._runner = runner

    async def go_on(self, *, until_left: int) -> None:
        """Read until the end is so many records away."""
        loop = asyncio.get_running_loop()
        looked = loop.time()
        while True:
            moved = await self._runner.run_once(wait=FETCH_SECONDS)
            if moved and loop.time() - looked < TELL_SECONDS:
                continue
            looked, left = loop.time(), sum((await self.history.reader.lag()).values())
            read = self._runner.handled
            log.info("rebuild.read", consumer=self._runner.consumer, records=read, left=left)
            if left <= until_left:
                return

    async def catch_up(self) -> bool:
        """Read what the log holds by now; return False where that takes too long."""
        deadline = asyncio.get_running_loop().time() + PAUSE_SECONDS
        ends = dict[Partition, int]()
        while asyncio.get_running_loop().time() < deadline:
            await self._runner.run_once(wait=GLANCE_SECONDS, retry_early=True)
            if await self.history.reader.has_passed(ends):
                return True
        return False
