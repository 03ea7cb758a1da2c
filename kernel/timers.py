"""Work that the clock starts: in a transaction of its own, or in several."""

import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import sqlalchemy as sa

from kernel import outbox
from kernel.db import Database, UnitOfWork

TIMER = 0x74696D  # the class of the advisory locks; their number stands for the timer's name
TRY_LOCK = sa.text("SELECT pg_try_advisory_xact_lock(:class, :number)")


class Recurring(Protocol):
    """What a worker does again and again."""

    @property
    def every(self) -> timedelta:
        """Return the pause between two turns."""

    async def run_once(self, database: Database) -> bool:
        """Do one turn, and return whether there was one to do."""


@dataclass(frozen=True)
class Timer:
    """A reaction to time passing; safe to run twice, like any other.

    `name` is unique in its service: "export.orders.remind". `bulk` work, which tells thousands of
    events, leaves its turn out while the outbox is long.
    """

    name: str
    every: timedelta
    react: Callable[[UnitOfWork], Awaitable[None]]
    bulk: bool = False

    async def run_once(self, database: Database) -> bool:
        """Run it, unless another worker does right now or it has to wait; return whether it ran."""
        number = zlib.crc32(self.name.encode()) - 2**31
        async with database.transaction() as uow:
            if not (await uow.execute(TRY_LOCK, {"class": TIMER, "number": number})).scalar_one():
                return False
            if self.bulk and await outbox.is_long(uow):
                return False
            await self.react(uow)
        return True


@dataclass(frozen=True)
class Errand:
    """Work with the world outside, which no transaction may wait for; it opens its own.

    Safe to run in several workers at once.
    """

    every: timedelta
    run: Callable[[Database], Awaitable[object]]

    async def run_once(self, database: Database) -> bool:
        """Run it."""
        await self.run(database)
        return True
