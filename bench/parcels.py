"""The tables and the event of the messaging benches: payload and headers of a real size."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import MetaData
from sqlalchemy.dialects.postgresql import ARRAY

from kernel.db import NAMING_CONVENTION, Database, UnitOfWork
from kernel.events import Event
from kernel.messaging_tables import add_messaging_tables

TABLES = MetaData(naming_convention=NAMING_CONVENTION)
add_messaging_tables(TABLES)
sa.Table(
    "place",
    TABLES,
    sa.Column("parcel_id", sa.Uuid, primary_key=True),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("moves", sa.Integer, nullable=False),
)
TOPIC = "bench.parcel"
RAW_TOPIC = "bench.raw"
KEYS = 50_000
PADDING = 380
READ = (
    "SELECT seq, id, topic, key, type, sequence, occurred_at, traceparent, payload"
    " FROM outbox ORDER BY seq"
)
PLACE = sa.text(
    "INSERT INTO place (parcel_id, number, moves) SELECT *, 1 FROM unnest(:parcels, :numbers)"
    " ON CONFLICT (parcel_id) DO UPDATE SET number = excluded.number, moves = place.moves + 1"
).bindparams(
    sa.bindparam("parcels", type_=ARRAY(sa.Uuid())),
    sa.bindparam("numbers", type_=ARRAY(sa.Integer())),
)
FILL = sa.text(
    "INSERT INTO outbox"
    " (id, shard, topic, key, type, sequence, occurred_at, traceparent, payload)"
    " SELECT gen_random_uuid(), 0, :topic, md5((n % :keys)::text)::uuid, 'bench.parcel.moved.v1',"
    " 1 + n / :keys, now(), NULL, convert_to(format("
    """'{"parcel_id":"%s","number":%s,"note":"%s"}', md5((n % :keys)::text)::uuid,"""
    " n / :keys, repeat('x', :padding)), 'UTF8')"
    " FROM generate_series(0, :events - 1) AS n"
)


class ParcelMoved(Event, type="bench.parcel.moved.v1"):
    """A parcel moved for the `number`-th time; some 460 bytes of JSON."""

    parcel_id: UUID
    number: int
    note: str


async def furnish(database: Database) -> None:
    """Make the tables."""
    async with database.engine.begin() as connection:
        await connection.run_sync(TABLES.create_all)


async def fill_outbox(database: Database, *, events: int) -> None:
    """Put so many unpublished events into an empty outbox, as if just committed."""
    await empty(database, "outbox")
    async with database.engine.begin() as connection:
        names = {"topic": TOPIC, "keys": KEYS, "events": events, "padding": PADDING}
        await connection.execute(FILL, names)
    await tidy(database)


async def empty(database: Database, *tables: str) -> None:
    """Take every row out of the tables."""
    async with database.engine.begin() as connection:
        await connection.execute(sa.text(f"TRUNCATE {', '.join(tables)}"))


async def tidy(database: Database) -> None:
    """Let the planner know what the tables hold."""
    async with database.engine.connect() as connection:
        outside = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await outside.execute(sa.text("VACUUM ANALYZE outbox"))
        await outside.execute(sa.text("ANALYZE"))


async def place(events: Sequence[ParcelMoved], uow: UnitOfWork) -> None:
    """Write where the parcels are now."""
    newest = {event.parcel_id: event.number for event in events}
    await uow.execute(PLACE, {"parcels": list(newest), "numbers": list(newest.values())})
