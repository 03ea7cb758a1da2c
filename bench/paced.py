"""A process that commits, or sends, events at an even pace, and tells when it did each."""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine
from uuid import UUID, uuid4

import asyncpg
import orjson
import uvloop
from aiokafka import AIOKafkaProducer

from bench import parcels
from kernel.ids import new_id
from kernel.transport.embedded import EmbeddedTransport
from kernel.transport.interface import Message

KEYS = [uuid4() for _ in range(1_000)]
CONNECTIONS = 8
COMMIT = """
WITH stream AS (
    INSERT INTO event_stream AS s (topic, key, version) VALUES ($2, $3, 1)
    ON CONFLICT (topic, key) DO UPDATE SET version = s.version + 1 RETURNING s.version
), written AS (
    INSERT INTO outbox (id, shard, topic, key, type, sequence, occurred_at, payload)
    SELECT $1, 0, $2, $3, 'bench.parcel.moved.v1', version, now(), $4 FROM stream
)
SELECT pg_notify('outbox', '')
"""
Post = Callable[[int], Coroutine[None, None, None]]


async def main(how: str, address: str, *, pace: int, seconds: int, turn: int) -> None:
    """Post number after number, and print when each was committed or handed over."""
    moments: dict[int, float] = {}
    post = await POSTS[how](address, moments)
    begin, posting = time.time(), set[asyncio.Task[None]]()
    for nth in range(pace * seconds):
        await asyncio.sleep(max(0.0, begin + nth / pace - time.time()))
        posting.add(asyncio.create_task(post(turn * pace * seconds + nth)))
    await asyncio.gather(*posting)
    sys.stdout.buffer.write(orjson.dumps([*moments.items()]))


def payload_of(number: int, key: UUID) -> bytes:
    """Return an event as it goes on the wire."""
    note = "x" * parcels.PADDING
    moved = parcels.ParcelMoved(parcel_id=key, number=number, note=note)
    return moved.model_dump_json().encode()


async def committing(url: str, moments: dict[int, float]) -> Post:
    """Return what commits an event: the moment is when the commit was confirmed."""
    pool = await asyncpg.create_pool(url, min_size=CONNECTIONS, max_size=CONNECTIONS)

    async def commit(number: int) -> None:
        key = KEYS[number % len(KEYS)]
        await pool.execute(COMMIT, new_id(), parcels.TOPIC, key, payload_of(number, key))
        moments[number] = time.time()

    return commit


async def sending(bootstrap: str, moments: dict[int, float]) -> Post:
    """Return what hands an event to Kafka's client: the moment is when it was called."""
    client = AIOKafkaProducer(bootstrap_servers=bootstrap, enable_idempotence=True, acks="all")
    await client.start()

    async def send(number: int) -> None:
        key = KEYS[number % len(KEYS)]
        value = payload_of(number, key)
        moments[number] = time.time()
        await client.send_and_wait(parcels.RAW_TOPIC, value, str(key).encode())

    return send


async def appending(url: str, moments: dict[int, float]) -> Post:
    """Return what appends to the embedded log, together with all that came meanwhile."""
    producer = await EmbeddedTransport(url).producer()
    waiting: list[Message] = []
    turn = asyncio.Lock()

    async def append(number: int) -> None:
        key = KEYS[number % len(KEYS)]
        waiting.append(Message(parcels.RAW_TOPIC, str(key), payload_of(number, key)))
        moments[number] = time.time()
        async with turn:
            batch, waiting[:] = waiting[:], []
            if batch:
                await producer.send(batch)

    return append


POSTS: dict[str, Callable[[str, dict[int, float]], Awaitable[Post]]] = {
    "commit": committing,
    "kafka": sending,
    "embedded": appending,
}

if __name__ == "__main__":
    _, chosen, where, *numbers = sys.argv
    a_second, seconds, turn = map(int, numbers)
    uvloop.run(main(chosen, where, pace=a_second, seconds=seconds, turn=turn))
