"""What is asked of a projection's consumer: take turns with a rebuild, and tell nobody anything."""

import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import sqlalchemy as sa

from kernel.db import Database, UnitOfWork
from kernel.events import Event
from kernel.sight import SYSTEM, Sight
from kernel.subscriptions import Subscriptions

TURN = 0x70726A  # the class of the advisory locks; their number stands for the consumer
SHARE_THE_TURN = sa.text("SELECT pg_advisory_xact_lock_shared(:class, :number)")


class MayNotPublish(TypeError):
    """A projection told an event: whoever rebuilds it would tell it again."""


def number_of(consumer: str) -> int:
    """Return what stands for a consumer in an advisory lock."""
    return zlib.crc32(consumer.encode()) - 2**31


def database_for(subscriptions: Subscriptions, database: Database) -> Database:
    """Return the database as a consumer may use it; only projections are watched."""
    if not subscriptions.projection:
        return database
    lock = {"class": TURN, "number": number_of(subscriptions.consumer)}
    return ProjectionDatabase(database, opening=SHARE_THE_TURN.bindparams(**lock))


class ProjectionDatabase(Database):
    """A database whose transactions begin with a statement and publish nothing."""

    def __init__(self, database: Database, *, opening: sa.Executable) -> None:
        self.url, self.shards, self.engine = database.url, database.shards, database.engine
        self._database = database
        self._opening = opening

    @asynccontextmanager
    async def transaction(self, sight: Sight = SYSTEM) -> AsyncIterator[UnitOfWork]:
        """Commit the block's rows, or, when it raises, nothing."""
        async with self._database.transaction(sight) as uow:
            await uow.execute(self._opening)
            yield _Silent(uow.session, shards=self.shards)


class _Silent(UnitOfWork):
    def publish(self, event: Event, *, key: UUID) -> None:
        """Refuse.

        Raises:
            MayNotPublish: always.
        """
        raise MayNotPublish(event.event_type)
