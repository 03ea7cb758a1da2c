"""One request or one message is one transaction, and its events are written with it."""

import zlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event as sa_event
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.orm import Mapper
from sqlmodel import Field, SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from kernel import clock
from kernel.events import Event
from kernel.ids import new_id
from kernel.reads import Reads
from kernel.sight import SEE, SYSTEM, Sight
from kernel.telemetry import traceparent

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# The stream row is locked before the sequence of its events is drawn, so that the order of
# outbox.seq is the order of commits per key, whatever else the transaction forgot to lock.
# The streams are taken in one order by every transaction: no two can wait for each other.
WRITE_EVENTS = sa.text(
    """
    WITH given AS (
        SELECT * FROM unnest(:ids, :shards, :topics, :keys, :types, :times, :parents, :payloads)
        WITH ORDINALITY AS g(id, shard, topic, key, type, occurred_at, traceparent, payload, nth)
    ), counted AS (
        SELECT topic, key, count(*) AS events FROM given GROUP BY topic, key
    ), stream AS (
        INSERT INTO event_stream AS s (topic, key, version)
        SELECT topic, key, events FROM counted ORDER BY topic, key
        ON CONFLICT (topic, key) DO UPDATE SET version = s.version + excluded.version
        RETURNING s.topic, s.key, s.version
    ), written AS (
        INSERT INTO outbox
            (id, shard, topic, key, type, sequence, occurred_at, traceparent, payload)
        SELECT id, shard, topic, key, type,
               version - events + row_number() OVER (PARTITION BY topic, key ORDER BY nth),
               occurred_at, traceparent, payload
        FROM given JOIN counted USING (topic, key) JOIN stream USING (topic, key)
        ORDER BY nth
    )
    SELECT pg_notify('outbox', '')
    """
).bindparams(
    sa.bindparam("ids", type_=ARRAY(sa.Uuid())),
    sa.bindparam("shards", type_=ARRAY(sa.SmallInteger())),
    sa.bindparam("topics", type_=ARRAY(sa.Text())),
    sa.bindparam("keys", type_=ARRAY(sa.Uuid())),
    sa.bindparam("types", type_=ARRAY(sa.Text())),
    sa.bindparam("times", type_=ARRAY(sa.DateTime(timezone=True))),
    sa.bindparam("parents", type_=ARRAY(sa.Text())),
    sa.bindparam("payloads", type_=ARRAY(BYTEA())),
)


def state_column(states: type[StrEnum]) -> Any:
    """Return a column type storing an enum's value (SQLModel would store its name)."""
    return sa.Enum(
        states,
        native_enum=False,
        length=32,
        values_callable=lambda members: [m.value for m in members],
    )


def utc_column() -> Any:
    """Return the column type of a moment: `timestamptz`."""
    return sa.DateTime(timezone=True)


class Aggregate(SQLModel):
    """What every aggregate's row has: our id, a version for its ETag, and when it was recorded."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = Field(default=1, nullable=False)
    recorded_at: datetime = Field(default_factory=clock.now, sa_type=utc_column())
    changed_at: datetime = Field(default_factory=clock.now, sa_type=utc_column())


@sa_event.listens_for(Mapper, "before_update")
def _count_the_change(_: Mapper[Any], connection: sa.Connection, row: object) -> None:
    session = sa.orm.object_session(row)
    if isinstance(row, Aggregate) and session is not None and session.is_modified(row):
        row.version += 1
        row.changed_at = clock.now()


class UnitOfWork:
    """What one request or one message changes: rows, and the events that tell of it.

    `shown` is the version of the aggregate that the answer shows, for its ETag.
    """

    def __init__(self, session: AsyncSession, *, shards: int, sight: Sight | None = None) -> None:
        self.session = session
        self.shards = shards
        self._sight = sight
        self._events: list[tuple[Event, UUID, str | None]] = []
        self.shown: int | None = None

    def add(self, *rows: SQLModel) -> None:
        """Add new rows; they are written at the next flush."""
        self.session.add_all(rows)

    def publish(self, event: Event, *, key: UUID) -> None:
        """Tell the world, once this transaction commits; `key` is the aggregate's id."""
        self._events.append((event, key, traceparent()))

    async def flush(self) -> None:
        """Write what was added and changed so far."""
        session = self.session
        if session.new or session.dirty or session.deleted:
            await session.flush()

    async def execute(
        self, statement: sa.Executable, parameters: Mapping[str, Any] | Sequence[Any] | None = None
    ) -> sa.CursorResult[Any]:
        """Run a Core statement or SQL text inside this transaction, after what was added so far.

        SQLModel's session takes ORM selections by `exec` and deprecates `execute`.
        """
        await self.flush()
        connection = await self.session.connection()  # also sends a SAVEPOINT that waits
        return await connection.execute(statement, parameters)

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """Undo rows and events of the block alone when it raises."""
        told_before = len(self._events)
        try:
            async with self.session.begin_nested():
                yield
        except BaseException:
            del self._events[told_before:]
            raise

    async def open_eyes(self) -> None:
        """Let PostgreSQL know whose rows this transaction sees; nothing where it hides none."""
        if self._sight is not None:
            await self.execute(SEE, self._sight.settings())

    @asynccontextmanager
    async def seeing(self, sight: Sight) -> AsyncIterator[None]:
        """See other rows in the block: for guards whose answer tells nothing more of them."""
        if self._sight is None:
            yield
            return
        own, self._sight = self._sight, sight
        await self.open_eyes()
        try:
            yield
        except sa.exc.DBAPIError:
            raise  # the transaction is over
        except BaseException:
            self._sight = own
            await self.open_eyes()
            raise
        self._sight = own
        await self.open_eyes()

    async def write_events(self) -> None:
        """Write the events to the outbox: the last statement before the commit."""
        await self.flush()
        if not self._events:
            return
        await self.execute(WRITE_EVENTS, self._columns())
        self._events.clear()

    def _columns(self) -> dict[str, list[Any]]:
        now, events = clock.now(), self._events
        return {
            "ids": [new_id() for _ in events],
            "shards": [zlib.crc32(key.bytes) % self.shards for _, key, _ in events],
            "topics": [event.topic for event, _, _ in events],
            "keys": [key for _, key, _ in events],
            "types": [event.event_type for event, _, _ in events],
            "times": [now for _ in events],
            "parents": [parent for _, _, parent in events],
            "payloads": [event.model_dump_json().encode() for event, _, _ in events],
        }


def _refuse_a_closed_connection(connection: Any, *_: object) -> None:
    """Let the pool open another where the server hung up; asking the driver costs no round trip."""
    if connection.driver_connection.is_closed():
        raise sa.exc.DisconnectionError


class Database:
    """A service's own PostgreSQL database. Opens no connection until it is used.

    With `row_security` every transaction says whose rows it sees.
    """

    def __init__(
        self,
        url: str,
        *,
        service: str,
        pool_size: int = 10,
        shards: int = 1,
        row_security: bool = False,
    ) -> None:
        self.url = url
        self.shards = shards
        self.reads = Reads(url, service=service)
        self._row_security = row_security
        self.engine: AsyncEngine = create_async_engine(
            url.replace("postgresql://", "postgresql+asyncpg://", 1),
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=5,
            hide_parameters=True,  # an error's text quotes no row
            connect_args={
                "timeout": 5,
                "server_settings": {
                    "application_name": service,
                    "lock_timeout": "5s",
                    "statement_timeout": "30s",
                    "timezone": "UTC",
                },
            },
        )

        sa_event.listen(self.engine.sync_engine, "checkout", _refuse_a_closed_connection)

    @asynccontextmanager
    async def transaction(self, sight: Sight = SYSTEM) -> AsyncIterator[UnitOfWork]:
        """Commit the block's rows and events together, or, when it raises, nothing."""
        async with AsyncSession(self.engine, expire_on_commit=False) as session:
            uow = UnitOfWork(
                session, shards=self.shards, sight=sight if self._row_security else None
            )
            await uow.open_eyes()
            yield uow
            await uow.write_events()
            await session.commit()

    async def dispose(self) -> None:
        """Close every connection."""
        await self.reads.close()
        await self.engine.dispose()
