"""T5: a consumer with inbox and projection, against the bare statements that write its rows."""

import time
from collections.abc import AsyncIterator, Sequence
from uuid import UUID, uuid4

from bench import parcels
from bench.ground import Ground
from bench.parcels import ParcelMoved
from bench.target import Round, Target
from kernel.cloudevents import message_of
from kernel.db import Database, UnitOfWork
from kernel.inbox import BATCH as SIZES
from kernel.inbox import Runner
from kernel.line import Line
from kernel.subscriptions import Subscriptions
from kernel.transport.interface import Transport

EVENTS = 40_000
BATCH = SIZES[1]
RECEIVED = (
    "INSERT INTO inbox (consumer, event_id, event_type)"
    " SELECT 'raw', unnest($1::uuid[]), 'bench.parcel.moved.v1' ON CONFLICT DO NOTHING"
)
PLACED = (
    "INSERT INTO place (parcel_id, number, moves)"
    " SELECT unnest($1::uuid[]), unnest($2::int[]), 1"
    " ON CONFLICT (parcel_id) DO UPDATE SET number = excluded.number, moves = place.moves + 1"
)


async def rounds(ground: Ground, variant: str, count: int) -> AsyncIterator[Round]:
    """Let a new consumer read a full topic, and write the same rows by hand, in turns."""
    database = Database(ground.fresh_database("bench"), service="bench")
    await parcels.furnish(database)
    transport = ground.transport(variant)
    topic = await filled(database, transport)
    for turn in range(count + 1):
        await parcels.empty(database, "inbox", "place")
        raw = await written(database, topic)
        await parcels.empty(database, "inbox", "place")
        consumed = await consumed_all(database, transport)
        if turn:  # the first warms up
            yield Round(consumed, raw)
    await transport.close()
    await database.dispose()


async def filled(database: Database, transport: Transport) -> list[tuple[UUID, UUID, int]]:
    """Put the events on the topic; return (event, parcel, number) of each."""
    await parcels.fill_outbox(database, events=EVENTS)
    line = await Line.open(database.url, name="bench")
    rows = await line.rows(parcels.READ)
    await line.close()
    await transport.ensure_topics([parcels.TOPIC])
    producer = await transport.producer()
    for at in range(0, len(rows), 2_000):
        await producer.send([message_of(row, service="bench") for row in rows[at : at + 2_000]])
    await producer.close()
    return [(row["id"], row["key"], row["sequence"]) for row in rows]


async def written(database: Database, events: Sequence[tuple[UUID, UUID, int]]) -> float:
    """Write inbox and projection by two statements a batch; return events a second."""
    line = await Line.open(database.url, name="bench")
    begin = time.perf_counter()
    for at in range(0, len(events), BATCH):
        ids, keys, numbers = zip(*events[at : at + BATCH], strict=True)
        async with line.transaction() as connection:
            await connection.execute(RECEIVED, ids)
            await connection.execute(PLACED, keys, numbers)
    speed = len(events) / (time.perf_counter() - begin)
    await line.close()
    return speed


async def consumed_all(database: Database, transport: Transport) -> float:
    """Consume the topic from its beginning; return events a second, the joining left out."""
    runner = Runner(database, projection(), transport)
    while not runner.handled:
        await runner.run_once(wait=0.5)
    before, begin = runner.handled, time.perf_counter()
    while runner.handled < EVENTS:
        await runner.run_once(wait=0.5)
    speed = (runner.handled - before) / (time.perf_counter() - begin)
    await runner.close()
    return speed


def projection() -> Subscriptions:
    """Return a consumer that keeps where each parcel is, written set-based."""
    when = Subscriptions(f"bench.place-{uuid4().hex[:8]}")

    @when.runs(ParcelMoved)
    async def follow(events: Sequence[ParcelMoved], uow: UnitOfWork) -> None:
        await parcels.place(events, uow)

    return when


TARGET = Target(
    name="T5",
    what="consumer with inbox and projection: read, decoded, once, offsets committed",
    yardstick="INSERT ... SELECT unnest of the same rows in the same batches",
    unit="events/s",
    floor=0.50,
    aim=0.70,
    variants=("kafka", "embedded"),
    rounds=rounds,
)
