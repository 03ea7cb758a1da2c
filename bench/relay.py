"""T3: what is left of a bare producer's speed when the outbox is read, acked and marked."""

import asyncio
import time
from collections.abc import AsyncIterator

from aiokafka import AIOKafkaProducer

from bench import parcels
from bench.ground import Ground
from bench.target import Round, Target
from kernel.cloudevents import message_of
from kernel.db import Database
from kernel.line import Line
from kernel.outbox import Relay
from kernel.transport.interface import Message, Transport
from kernel.transport.kafka import BATCH_BYTES, KafkaTransport

EVENTS = 50_000
HANDED_OVER = 2_000
LINGER_MS = 5


async def rounds(ground: Ground, variant: str, count: int) -> AsyncIterator[Round]:
    """Relay a full outbox, and send the same messages with the bare producer, in turns."""
    database = Database(ground.fresh_database("bench"), service="bench")
    await parcels.furnish(database)
    transport = ground.transport(variant)
    await transport.ensure_topics([parcels.TOPIC])
    for turn in range(count + 1):
        await parcels.fill_outbox(database, events=EVENTS)
        raw = await sent_raw(ground, transport, await messages(database))
        relayed = await relayed_all(database, transport)
        if turn:  # the first warms up
            yield Round(relayed, raw)
    await transport.close()
    await database.dispose()


async def messages(database: Database) -> list[Message]:
    """Return what the relay will send."""
    line = await Line.open(database.url, name="bench")
    found = [message_of(row, service="bench") for row in await line.rows(parcels.READ)]
    await line.close()
    return found


async def sent_raw(ground: Ground, transport: Transport, ready: list[Message]) -> float:
    """Send messages that lie ready; return events a second."""
    if isinstance(transport, KafkaTransport):
        return await sent_by_the_client(ground.kafka.bootstrap, ready)
    producer = await transport.producer()
    await producer.send(ready[:1])
    begin = time.perf_counter()
    for at in range(0, len(ready), HANDED_OVER):
        await producer.send(ready[at : at + HANDED_OVER])
    speed = len(ready) / (time.perf_counter() - begin)
    await producer.close()
    return speed


async def sent_by_the_client(bootstrap: str, ready: list[Message]) -> float:
    """Send with the client alone, as its documentation shows; return events a second."""
    client = AIOKafkaProducer(
        bootstrap_servers=bootstrap, enable_idempotence=True, acks="all",
        linger_ms=LINGER_MS, max_batch_size=BATCH_BYTES,
    )  # fmt: skip
    await client.start()
    headers = [list(message.headers) for message in ready]
    begin = time.perf_counter()
    reports = [
        await client.send(m.topic, m.value, m.key.encode(), headers=h)
        for m, h in zip(ready, headers, strict=True)
    ]
    await asyncio.gather(*reports)
    speed = len(ready) / (time.perf_counter() - begin)
    await client.stop()
    return speed


async def relayed_all(database: Database, transport: Transport) -> float:
    """Relay until nothing is left; return events a second."""
    relay = Relay(database.url, service="bench", transport=transport)
    begin = time.perf_counter()
    relayed = await relay.run_once()
    speed = relayed / (time.perf_counter() - begin)
    assert relayed == EVENTS
    await relay.close()
    return speed


TARGET = Target(
    name="T3",
    what="outbox relay: read, produced in order per key, acknowledged, marked",
    yardstick="the bare producer with the same messages",
    unit="events/s",
    floor=0.70,
    aim=0.85,
    variants=("kafka", "embedded"),
    rounds=rounds,
)
