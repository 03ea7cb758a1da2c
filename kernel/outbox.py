"""The relay: brings committed events from a service's outbox to the log, in order per key."""

import asyncio
from collections import Counter as Tally
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
import structlog
from prometheus_client import Counter, Gauge

from kernel.cloudevents import message_of
from kernel.db import Database, UnitOfWork
from kernel.floor import Floor
from kernel.line import Line
from kernel.transport.interface import Message, Producer, Transport

log = structlog.get_logger("outbox")

BATCH = 2_000
POLL_SECONDS = 0.25  # the poll is the truth; NOTIFY only makes it faster
RESTART_SECONDS = 1.0
FAILED_SECONDS = (0.5, 30.0)  # how long a failing key waits: at first, at most
RETENTION = timedelta(days=30)
DELETE_BATCH = 10_000
LONG = 20_000  # events; a relay that is well needs seconds for so many
RELAY = 0x6F7574  # the class of the advisory locks; their number is the shard

PUBLISHED = Counter("events_published_total", "Events brought to the log.", ["service", "type"])
UNPUBLISHED = Gauge("outbox_unpublished", "Committed events not on the log yet.", ["service"])
OLDEST = Gauge("outbox_oldest_seconds", "Age of the oldest unpublished event.", ["service"])

TRY_TO_HOLD = "SELECT pg_try_advisory_lock($1, $2)"
# Always the lowest rows not yet marked, never a cursor: a transaction that commits late has a
# low number, and `seq > last` would pass it by for ever (28 % of events were lost that way).
# What is not above the floor needs no look: see kernel/floor.py.
LOWEST = """
SELECT seq, id, topic, key, type, sequence, occurred_at, traceparent, payload,
       (SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint) AS xmin,
       (SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint) AS xmax
FROM outbox
WHERE shard = $1 AND published_at IS NULL AND seq > $2
  AND seq NOT IN (SELECT unnest($3::bigint[])) AND key NOT IN (SELECT unnest($4::uuid[]))
ORDER BY seq LIMIT $5
"""
MARK = "UPDATE outbox SET published_at = now() WHERE seq = ANY($1::bigint[])"
BACKLOG = sa.text(
    "SELECT count(*) AS events,"
    " coalesce(extract(epoch FROM now() - min(occurred_at)), 0) AS seconds"
    " FROM outbox WHERE published_at IS NULL"
)
IS_LONG = sa.text(
    "SELECT count(*) = :events FROM (SELECT FROM outbox WHERE published_at IS NULL LIMIT :events) o"
)
DELETE_OLD = sa.text(
    "DELETE FROM outbox WHERE seq IN (SELECT seq FROM outbox"
    " WHERE published_at < now() - :age LIMIT :limit)"
).bindparams(sa.bindparam("age", type_=sa.Interval()))


@dataclass(frozen=True)
class Backlog:
    """Committed events that are not on the log yet: how many, and the oldest one's age."""

    events: int
    oldest_seconds: float


async def backlog(uow: UnitOfWork) -> Backlog:
    """Return what waits."""
    row = (await uow.execute(BACKLOG)).one()
    return Backlog(row.events, max(0.0, float(row.seconds)))


async def is_long(uow: UnitOfWork) -> bool:
    """Say whether bulk work has to wait, so that what people do now is told without delay."""
    return bool((await uow.execute(IS_LONG, {"events": LONG})).scalar_one())


async def delete_published(database: Database, *, older_than: timedelta = RETENTION) -> int:
    """Delete events published longer ago, a few at a time; return how many."""
    deleted, last = 0, DELETE_BATCH
    while last == DELETE_BATCH:
        async with database.transaction() as uow:
            last = (await uow.execute(DELETE_OLD, {"age": older_than, "limit": last})).rowcount
        deleted += last
    return deleted


class Batch(NamedTuple):
    """Rows of the outbox, and what they are on the wire."""

    rows: list[Any]
    messages: list[Message]


NOTHING = Batch([], [])


class Relay:
    """Relays one shard. Several may run: the one whose connection holds the lock works.

    It marks rows on that connection, so a relay that lost its lock cannot mark.
    """

    def __init__(self, url: str, *, service: str, transport: Transport, shard: int = 0) -> None:
        self._url = url
        self._service = service
        self._transport = transport
        self._shard = shard
        self._line: Line | None = None
        self._holds = False
        self._producer: Producer | None = None
        self._sending: asyncio.Task[list[Any]]
        self._topics: set[str] = set()
        self._floor = Floor()
        self._waiting: dict[Any, float] = {}
        self._pause = FAILED_SECONDS[0]

    async def run(self, stop: asyncio.Event) -> None:
        """Relay until `stop`; start anew, after a pause, whenever a connection breaks."""
        try:
            while not stop.is_set():
                await self._run_round(stop)
        finally:
            await self.close()

    async def _run_round(self, stop: asyncio.Event) -> None:
        try:
            await self.run_once()
            await self._idle(stop)
        except Exception as error:  # whatever broke, committed events must go out some day
            log.warning("relay.failed", service=self._service, error=repr(error))
            await self.close()
            await wait_for(stop, RESTART_SECONDS)

    async def run_once(self) -> int:
        """Relay until nothing is left that can go; return how many events went.

        Raises:
            Exception: a connection broke; what went and was not marked will go again.
        """
        line = await self._hold()
        if line is None:
            return 0
        relayed, batch = 0, await self._lowest(line, beside=NOTHING)
        self._sending = asyncio.create_task(self._send(batch))
        try:
            while batch.rows:
                sent, following = await self._relay_one(line, batch)
                relayed += sent
                batch = following
        finally:
            self._sending.cancel()
        return relayed

    async def close(self) -> None:
        """Let another relay take over."""
        line, self._line, self._holds = self._line, None, False
        producer, self._producer = self._producer, None
        if producer:
            await producer.close()
        if line:
            await line.close()

    async def _relay_one(self, line: Line, batch: Batch) -> tuple[int, Batch]:
        """Finish the batch in flight; the next is read meanwhile and on its way at the mark."""
        following = await self._lowest(line, beside=batch)
        sent = await self._sending
        if len(sent) < len(batch.rows):
            following = NOTHING
        self._sending = asyncio.create_task(self._send(following))
        await self._mark(line, sent)
        return len(sent), following

    async def _idle(self, stop: asyncio.Event) -> None:
        line = self._line
        if line and self._holds and not stop.is_set():
            await line.wait(POLL_SECONDS)
            line.woken.clear()
        else:
            await wait_for(stop, POLL_SECONDS)

    async def _hold(self) -> Line | None:
        """Return the line if its lock on the shard is ours."""
        if self._line is None:
            self._line = await Line.open(
                self._url,
                name=f"{self._service} relay",
                listen={"outbox": self._woken},
                durable=False,  # a mark that a crash takes back only lets its event go again
            )
        if not self._holds:
            self._holds = bool(await self._line.value(TRY_TO_HOLD, RELAY, self._shard))
        return self._line if self._holds else None

    def _woken(self, _: str) -> None:
        if self._line:
            self._line.woken.set()

    async def _lowest(self, line: Line, *, beside: Batch) -> Batch:
        """Return the next rows, but not those in flight and no key that waits after a failure."""
        now = asyncio.get_running_loop().time()
        self._waiting = {key: until for key, until in self._waiting.items() if until > now}
        in_flight = [row["seq"] for row in beside.rows]
        limits = (self._floor.at(now), in_flight, [*self._waiting], BATCH)
        rows = await line.rows(LOWEST, self._shard, *limits)
        self._floor.learn(rows, in_flight=in_flight, whole=not self._waiting)
        return Batch(rows, [message_of(row, service=self._service) for row in rows])

    async def _send(self, batch: Batch) -> list[Any]:
        """Produce the messages, wait for every report, and return the rows that went."""
        if not batch.rows:
            return []
        producer = await self._ready_for({message.topic for message in batch.messages})
        outcomes = await producer.send(batch.messages)
        failed = [(row, error) for row, error in zip(batch.rows, outcomes, strict=True) if error]
        if len(failed) == len(batch.rows):
            raise failed[0][1]
        self._let_wait(failed)
        return [row for row, error in zip(batch.rows, outcomes, strict=True) if error is None]

    async def _ready_for(self, topics: set[str]) -> Producer:
        unknown = topics - self._topics
        if unknown:
            await self._transport.ensure_topics(sorted(unknown))
            self._topics |= unknown
        self._producer = self._producer or await self._transport.producer()
        return self._producer

    def _let_wait(self, failed: list[tuple[Any, Exception]]) -> None:
        self._pause = min(2 * self._pause, FAILED_SECONDS[1]) if failed else FAILED_SECONDS[0]
        until = asyncio.get_running_loop().time() + self._pause
        for row, error in failed:
            self._waiting[row["key"]] = until
            log.warning(
                "relay.event_failed", service=self._service, event_id=str(row["id"]),
                event_type=row["type"], error_class=type(error).__name__,
            )  # fmt: skip

    async def _mark(self, line: Line, sent: list[Any]) -> None:
        await line.rows(MARK, [row["seq"] for row in sent])
        for event_type, number in Tally(row["type"] for row in sent).items():
            PUBLISHED.labels(self._service, event_type).inc(number)


async def wait_for(stop: asyncio.Event, seconds: float) -> None:
    """Wait so long, or until `stop`."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()
