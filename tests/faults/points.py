"""Named places in a process's course where it dies, freezes or hangs: at the n-th passing."""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial

from kernel import outbox
from kernel.db import Database, UnitOfWork
from kernel.line import Line
from kernel.sight import SYSTEM, Sight
from kernel.testing.passing import PassingConsumer, PassingProducer, PassingTransport
from kernel.transport.interface import (
    Consumer,
    Message,
    Partition,
    Producer,
    Record,
    Transport,
)
from tests.world import Json

Fate = tuple[str, int]
"""What happens ("kill", "stop" or "hang"), and at which passing, counted from 1."""
COMMAND = ("command.before_commit", "command.after_commit")
RELAY = ("relay.before_send", "relay.after_ack", "relay.after_mark")
CONSUMER = (
    *("consumer.before_handle", "consumer.after_handle"),
    *("consumer.after_commit", "consumer.after_offset"),
)


class Points:
    """The plan of one process: which point has which fate."""

    def __init__(self, plan: Mapping[str, Fate]) -> None:
        self._plan = plan
        self._passed: Counter[str] = Counter()

    async def reach(self, name: str) -> None:
        """Pass a point, and meet its fate if it is due."""
        self._passed[name] += 1
        fate, at = self._plan.get(name, ("", 0))
        if self._passed[name] != at:
            return
        print(f"{fate} at {name}, passed for the {at}. time", flush=True)  # noqa: T201 - a log
        if fate == "hang":
            await asyncio.Event().wait()
        os.kill(os.getpid(), signal.SIGKILL if fate == "kill" else signal.SIGSTOP)


class PointedDatabase(Database):
    """A database whose every transaction passes a point before its commit and one after it."""

    points: Points

    @asynccontextmanager
    async def transaction(self, sight: Sight = SYSTEM) -> AsyncIterator[UnitOfWork]:
        """Pass on."""
        async with super().transaction(sight) as uow:
            yield uow
            await self.points.reach("command.before_commit")
        await self.points.reach("command.after_commit")


def let_marks_be_points(points: Points) -> None:
    """Let the relay of this process pass a point when the database has taken its mark."""

    class PointedLine(Line):
        async def rows(self, statement: str, *arguments: object) -> list[Json]:
            found = await super().rows(statement, *arguments)
            if statement.startswith("UPDATE outbox"):
                await points.reach("relay.after_mark")
            return found

    vars(outbox)["Line"] = PointedLine


def pointed(transport: Transport, points: Points) -> Transport:
    """Return the transport with points at its sends, fetches and commits."""
    return PassingTransport(
        transport,
        producers=partial(PointedProducer, points=points),
        consumers=partial(PointedConsumer, points=points),
    )


class PointedProducer(PassingProducer):
    """Passes a point before it sends, and one when the broker has acknowledged."""

    def __init__(self, inner: Producer, *, points: Points) -> None:
        super().__init__(inner)
        self._points = points

    async def send(self, messages: Sequence[Message]) -> list[Exception | None]:
        """Append; see the interface."""
        await self._points.reach("relay.before_send")
        outcomes = await super().send(messages)
        await self._points.reach("relay.after_ack")
        return outcomes


class PointedConsumer(PassingConsumer):
    """Passes a point before it fetches, when it has fetched, and on either side of its commit."""

    def __init__(self, inner: Consumer, *, points: Points) -> None:
        super().__init__(inner)
        self._points = points

    async def fetch(self, *, max_records: int, wait: float) -> list[Record]:
        """Fetch; see the interface."""
        await self._points.reach("consumer.fetch")
        records = await super().fetch(max_records=max_records, wait=wait)
        if records:
            await self._points.reach("consumer.before_handle")
        return records

    async def commit(self, positions: Mapping[Partition, int]) -> None:
        """Commit; see the interface."""
        await self._points.reach("consumer.after_commit")
        await super().commit(positions)
        await self._points.reach("consumer.after_offset")
