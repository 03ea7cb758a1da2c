"""A post office: the smallest service that tells events and reacts to them."""

import asyncio
from collections.abc import Sequence
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy import MetaData

from kernel.db import NAMING_CONVENTION, Database, UnitOfWork
from kernel.events import Event
from kernel.inbox import Runner
from kernel.messaging_tables import add_messaging_tables
from kernel.outbox import Relay
from kernel.problems import Conflict, NotFound, Text
from kernel.subscriptions import Subscriptions
from kernel.transport.interface import Message, Record, Transport

TABLES = MetaData(naming_convention=NAMING_CONVENTION)
add_messaging_tables(TABLES)
EFFECT = sa.Table(
    "effect",
    TABLES,
    sa.Column("nth", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("parcel_id", sa.Uuid, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
)


class ParcelMoved(Event, type="post.parcel.moved.v1"):
    """A parcel moved for the `number`-th time."""

    parcel_id: UUID
    number: int


class ParcelWeighed(Event, type="post.parcel.weighed.v1"):
    """Nobody reacts to this one."""

    parcel_id: UUID


class ParcelSeen(Event, type="post.sighting.seen.v1"):
    """What the reaction tells in turn."""

    parcel_id: UUID


class ParcelLost(NotFound):
    """The parcel is not here."""

    code = "TST-0001"
    title = Text(id="Hilang", en="Lost")
    detail = Text(id="Paket hilang.", en="The parcel is lost.")


class ParcelRefused(Conflict):
    """The addressee does not want it."""

    code = "TST-0002"
    title = Text(id="Ditolak", en="Refused")
    detail = Text(id="Paket ditolak.", en="The parcel was refused.")


class Trouble:
    """What the reaction shall stumble over, set by a test: by parcel and number."""

    def __init__(self) -> None:
        self.errors: dict[tuple[UUID, int], Exception] = {}
        self.reached: list[tuple[UUID, int]] = []
        self.held: asyncio.Event | None = None

    async def meet(self, event: ParcelMoved) -> None:
        """Raise what was set for this event."""
        self.reached.append((event.parcel_id, event.number))
        if self.held:
            await self.held.wait()
        error = self.errors.get((event.parcel_id, event.number))
        if error:
            raise error


class Post:
    """Drives one service's messaging on one log."""

    def __init__(self, database: Database, transport: Transport, *, group: str = "") -> None:
        self.database = database
        self.transport = transport
        self.trouble = Trouble()
        self.when = Subscriptions(group or f"post.tracking-{uuid4().hex[:8]}")
        self.when(ParcelMoved)(self.track)
        self.relay = Relay(database.url, service="post", transport=transport)
        self.runner = Runner(database, self.when, transport, max_attempts=4)

    async def track(self, event: ParcelMoved, uow: UnitOfWork) -> None:
        """Remember the move, tell of it, and stumble if the test wants it: after the effect."""
        row = {"parcel_id": event.parcel_id, "number": event.number}
        await uow.execute(EFFECT.insert(), row)
        uow.publish(ParcelSeen(parcel_id=event.parcel_id), key=event.parcel_id)
        await self.trouble.meet(event)

    async def move(self, parcel: UUID, *numbers: int) -> None:
        """Let a parcel move, one transaction for each."""
        for number in numbers:
            async with self.database.transaction() as uow:
                uow.publish(ParcelMoved(parcel_id=parcel, number=number), key=parcel)

    async def pump(self, *, early: bool = False) -> None:
        """Relay and consume until nothing moves."""
        while await self.relay.run_once() + await self.runner.run_once(retry_early=early):
            pass

    async def append(self, *messages: Message) -> None:
        """Put something on the log past the outbox."""
        await self.transport.ensure_topics({message.topic for message in messages})
        producer = await self.transport.producer()
        assert not any(await producer.send(messages))
        await producer.close()

    async def log(self, topic: str = "post.parcel", *, keys: Sequence[UUID] = ()) -> list[Record]:
        """Read the whole topic as a stranger would, or what it holds of these keys."""
        await self.transport.ensure_topics([topic])
        reader = await self.transport.consumer(f"stranger-{uuid4().hex[:8]}", [topic])
        found: list[Record] = []
        while batch := await reader.fetch(max_records=5_000, wait=1.0):
            found += batch
        await reader.close()
        wanted = {str(key) for key in keys}
        return [record for record in found if not wanted or record.key in wanted]

    async def tracked(self, parcel: UUID) -> list[int]:
        """Return the numbers of a parcel's moves that took effect, in the order they did."""
        query = sa.select(EFFECT.c.number).where(EFFECT.c.parcel_id == parcel)
        async with self.database.engine.connect() as connection:
            return list((await connection.scalars(query.order_by(EFFECT.c.nth))).all())

    async def count(self, what: str) -> int:
        """Count rows: a table, and a condition if you like."""
        async with self.database.engine.connect() as connection:
            return int(await connection.scalar(sa.text(f"SELECT count(*) FROM {what}")) or 0)  # noqa: S608 - a test's own words

    async def close(self) -> None:
        """Close relay and runner."""
        await self.runner.close()
        await self.relay.close()
