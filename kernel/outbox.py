"""The relay: brings committed events from a service's outbox to the log, in order per key."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
import structlog
from prometheus_client import Counter, Gauge

from kernel.cloudevents import message_of
from kernel.db import Database, UnitOfWork
from kernel.line import Line
from kernel.transport.interface import Producer, Transport

log = structlog.get_logger("outbox")

BATCH = 2_000
POLL_SECONDS = 0.25  # the poll is the truth; NOTIFY only makes it faster
RESTART_SECONDS = 1.0
FAILED_SECONDS = (0.5, 30.0)  # how long a failing key waits: at first, at most
RETENTION = timedelta(days=30)
DELETE_BATCH = 10_000
RELAY = 0x6F7574  # the class of the advisory locks; their number is the shard

PUBLISHED = Counter("events_published_total", "Events brought to the log.", ["service", "type"])
UNPUBLISHED = Gauge("outbox_unpublished", "Committed events not on the log yet.", ["service"])
OLDEST = Gauge("outbox_oldest_seconds", "Age of the oldest unpublished event.", ["service"])

TRY_TO_HOLD = "SELECT pg_try_advisory_lock($1, $2)"
# Always the lowest rows not yet marked, never a cursor: a transaction that commits late has a
# low number, and `seq > last` would pass it by for ever (28 % of events were lost that way).
LOWEST = """
SELECT seq, id, topic, key, type, sequence, occurred_at, traceparent, payload FROM outbox
WHERE shard = $1 AND published_at IS NULL
  AND seq NOT IN (SELECT unnest($2::bigint[])) AND key NOT IN (SELECT unnest($3::uuid[]))
ORDER BY seq LIMIT $4
"""
MARK = "UPDATE outbox SET published_at = now() WHERE seq = ANY($1::bigint[])"
BACKLOG = sa.text(
    "SELECT count(*) AS events,"
    " coalesce(extract(epoch FROM now() - min(occurred_at)), 0) AS seconds"
    " FROM outbox WHERE published_at IS NULL"
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
    """Return what waits; bulk work pauses while it is long."""
    row = (await uow.execute(BACKLOG)).one()
    return Backlog(row.events, max(0.0, float(row.seconds)))


async def delete_published(database: Database, *, older_than: timedelta = RETENTION) -> int:
    """Delete events published longer ago, a few at a time; return how many."""
    deleted, last = 0, DELETE_BATCH
    while last == DELETE_BATCH:
        async with database.transaction() as uow:
            last = (await uow.execute(DELETE_OLD, {"age": older_than, "limit": last})).rowcount
        deleted += last
    return deleted


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
        relayed, batch = 0, await self._lowest(line, beside=[])
        self._sending = asyncio.create_task(self._send(batch))
        try:
            while batch:
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

    async def _relay_one(self, line: Line, batch: list[Any]) -> tuple[int, list[Any]]:
        """Finish the batch in flight; the next is read meanwhile and on its way at the mark."""
        following = await self._lowest(line, beside=batch)
        sent = await self._sending
        if len(sent) < len(batch):
            following = []
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
                self._url, name=f"{self._service} relay", listen={"outbox": self._woken}
            )
        if not self._holds:
            self._holds = bool(await self._line.value(TRY_TO_HOLD, RELAY, self._shard))
        return self._line if self._holds else None

    def _woken(self, _: str) -> None:
        if self._line:
            self._line.woken.set()

    async def _lowest(self, line: Line, *, beside: list[Any]) -> list[Any]:
        """Return the next rows, but not those in flight and no key that waits after a failure."""
        now = asyncio.get_running_loop().time()
        self._waiting = {key: until for key, until in self._waiting.items() if until > now}
        in_flight = [row["seq"] for row in beside]
        return await line.rows(LOWEST, self._shard, in_flight, [*self._waiting], BATCH)

    async def _send(self, batch: list[Any]) -> list[Any]:
        """Produce the rows, wait for every report, and return the rows that went."""
        if not batch:
            return []
        producer = await self._ready_for({row["topic"] for row in batch})
        outcomes = await producer.send([message_of(row, service=self._service) for row in batch])
        failed = [(row, error) for row, error in zip(batch, outcomes, strict=True) if error]
        if len(failed) == len(batch):
            raise failed[0][1]
        self._let_wait(failed)
        return [row for row, error in zip(batch, outcomes, strict=True) if error is None]

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
        for row in sent:
            PUBLISHED.labels(self._service, row["type"]).inc()


async def wait_for(stop: asyncio.Event, seconds: float) -> None:
    """Wait so long, or until `stop`."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()
