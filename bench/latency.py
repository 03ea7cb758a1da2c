"""T4: what outbox, relay and inbox add to the way from a producer to a consumer."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager

import orjson

from bench import parcels
from bench.ground import Ground
from bench.parcels import ParcelMoved
from bench.target import Round, Target
from kernel.db import Database, UnitOfWork
from kernel.sight import SYSTEM, Sight
from kernel.subscriptions import Subscriptions
from kernel.transport.interface import Transport
from kernel.worker import Worker

RATE = 1_000  # events a second
SECONDS = 8
WARM_UP = 2 * RATE  # events that are not counted
FETCHED = 500
WAIT_SECONDS = 60.0


class Arrivals:
    """When each event had arrived, by its number."""

    def __init__(self) -> None:
        self.moments: dict[int, float] = {}
        self._changed = asyncio.Event()

    def note(self, numbers: Sequence[int]) -> None:
        """Say that these have arrived now."""
        now = time.time()
        self.moments.update(dict.fromkeys(numbers, now))
        self._changed.set()

    async def all_of(self, numbers: Sequence[int]) -> None:
        """Wait until these have arrived.

        Raises:
            TimeoutError: one of them did not in time.
        """
        async with asyncio.timeout(WAIT_SECONDS):
            while self.moments.keys() < set(numbers):
                self._changed.clear()
                await self._changed.wait()


Taking = Callable[[Arrivals], Coroutine[None, None, None]]


async def rounds(ground: Ground, variant: str, count: int) -> AsyncIterator[Round]:
    """Post at an even pace past everything, and through everything, in turns."""
    transport = ground.transport(variant)
    address = ground.address(variant)
    await transport.ensure_topics([parcels.TOPIC, parcels.RAW_TOPIC])
    database = Clocked(ground.fresh_database("bench"), service="bench")
    await parcels.furnish(database)
    for turn in range(count):
        raw = await slowest(variant, address, turn=turn, taking=reading(transport))
        ours = await slowest("commit", database.url, turn=turn, taking=working(database, transport))
        yield Round(ours, raw)
    await database.dispose()
    await transport.close()


async def slowest(how: str, address: str, *, turn: int, taking: Taking) -> float:
    """Return the 99th percentile of the way, in milliseconds."""
    arrivals = Arrivals()
    taken = asyncio.create_task(taking(arrivals))
    options = [how, address, str(RATE), str(SECONDS), str(turn)]
    poster = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.paced", *options, stdout=asyncio.subprocess.PIPE
    )
    told, _ = await poster.communicate()
    posted: list[tuple[int, float]] = orjson.loads(told)
    await arrivals.all_of([number for number, _ in posted])
    taken.cancel()
    await asyncio.wait([taken])
    ways = sorted(arrivals.moments[number] - at for number, at in sorted(posted)[WARM_UP:])
    return 1000 * ways[len(ways) * 99 // 100]


def reading(transport: Transport) -> Taking:
    """Return a bare consumer."""

    async def read(arrivals: Arrivals) -> None:
        consumer = await transport.consumer("bench.raw", [parcels.RAW_TOPIC])
        try:
            while True:
                records = await consumer.fetch(max_records=FETCHED, wait=0.5)
                arrivals.note([orjson.loads(record.value)["number"] for record in records])
                positions = {record.source: record.offset + 1 for record in records}
                if positions:
                    await consumer.commit(positions)
        finally:
            await consumer.close()

    return read


class Clocked(Database):
    """A database that notes which events a transaction handled, once it is committed."""

    def __init__(self, url: str, *, service: str) -> None:
        super().__init__(url, service=service)
        self.handled: list[int] = []
        self.arrivals = Arrivals()

    @asynccontextmanager
    async def transaction(self, sight: Sight = SYSTEM) -> AsyncIterator[UnitOfWork]:
        """Commit, then look at the clock."""
        async with super().transaction(sight) as uow:
            yield uow
        numbers, self.handled = self.handled, []
        if numbers:
            self.arrivals.note(numbers)


def working(database: Clocked, transport: Transport) -> Taking:
    """Return a worker as a service runs it: relay, and a consumer with a projection."""
    when = Subscriptions("bench.latency")

    @when.runs(ParcelMoved)
    async def follow(events: Sequence[ParcelMoved], uow: UnitOfWork) -> None:
        await parcels.place(events, uow)
        database.handled += [event.number for event in events]

    async def work(arrivals: Arrivals) -> None:
        database.arrivals = arrivals
        worker = Worker(database, "bench", transport, [when])
        working = asyncio.create_task(worker.run())
        try:
            await asyncio.wait([working])
        finally:
            worker.stop()
            await asyncio.wait([working])

    return work


TARGET = Target(
    name="T4",
    what=f"99th percentile from commit to the consumer's commit, {RATE:,} events/s",
    yardstick="99th percentile of a bare producer and consumer",
    unit="ms",
    floor=25,
    aim=10,
    variants=("kafka", "embedded"),
    rounds=rounds,
    added=True,
)
