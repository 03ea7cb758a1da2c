"""The consumer runner: every event takes effect once, in order per key, whatever fails."""

import asyncio
from collections import Counter as Tally
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

import prometheus_client
import structlog
from opentelemetry.trace import SpanKind

from kernel import clock, dead_letters, parked, received
from kernel.cloudevents import Delivery, Undecodable
from kernel.db import Database, UnitOfWork
from kernel.outbox import wait_for
from kernel.problems import NotFound, Problem, Status
from kernel.projections import database_for
from kernel.reading import Batch, Reader
from kernel.subscriptions import Subscriptions
from kernel.telemetry import context_of, tracer
from kernel.transport.interface import Consumer, Transport

log = structlog.get_logger("inbox")

# A batch is one transaction of about so long, and of so many events at least and at most.
BATCH_SECONDS = 0.5
BATCH = (100, 2_000)
FETCH_SECONDS = 0.5
RESTART_SECONDS = 1.0
GLANCE_SECONDS = 0.25
# With pauses of 1 s, doubled up to 10 min: some two and a half hours.
MAX_ATTEMPTS = 25
RELEASED_AT_ONCE = 500

LABELS = ["consumer", "type"]
DELIVERED = prometheus_client.Counter("events_delivered_total", "Events that took effect.", LABELS)
PARKED = prometheus_client.Counter("events_parked_total", "Events that had to wait.", LABELS)
DEAD = prometheus_client.Counter("events_dead_total", "Events given up on.", LABELS)


@dataclass
class Outcome:
    """What one transaction did, counted once it is committed."""

    delivered: list[Delivery] = field(default_factory=list)
    parked: list[Delivery] = field(default_factory=list)
    dead: list[Delivery] = field(default_factory=list)

    def count(self, consumer: str) -> None:
        """Add to the metrics."""
        told = ((DELIVERED, self.delivered), (PARKED, self.parked), (DEAD, self.dead))
        for counter, deliveries in told:
            for event_type, number in Tally(d.event_type for d in deliveries).items():
                counter.labels(consumer, event_type or "unknown").inc(number)


def is_final(error: Exception) -> bool:
    """Tell whether trying again has no sense: it cannot be read, or the business refuses."""
    if isinstance(error, Problem):
        passing = isinstance(error, NotFound) or error.status >= Status.TOO_MANY_REQUESTS
        return not passing
    return isinstance(error, Undecodable)


class Runner:
    """Runs one consumer: a member of the group that is named like its subscriptions."""

    def __init__(
        self,
        database: Database,
        subscriptions: Subscriptions,
        transport: Transport,
        *,
        max_attempts: int = MAX_ATTEMPTS,
    ) -> None:
        self.consumer = subscriptions.consumer
        self.handled = 0
        self.failing = False
        self.member: Consumer | None = None
        self._database = database_for(subscriptions, database)
        self._subscriptions = subscriptions
        self._transport = transport
        self._max_attempts = max_attempts
        self._most = BATCH[0]
        self._glance_at = 0.0
        self._reader: Reader | None = None
        self._in_flight = asyncio.Lock()

    async def run(self, stop: asyncio.Event) -> None:
        """Consume until `stop`; join the group anew, after a pause, whenever something breaks."""
        try:
            while not stop.is_set():
                await self._run_round(stop)
        finally:
            await self.close()

    async def _run_round(self, stop: asyncio.Event) -> None:
        try:
            await self.run_once(wait=FETCH_SECONDS)
        except Exception as error:  # the watchdog ends the process if this goes on
            log.warning("consumer.failed", consumer=self.consumer, error_class=_name(error))
            await self.close()
            await wait_for(stop, RESTART_SECONDS)

    async def run_once(self, *, wait: float = 0.0, retry_early: bool = False) -> int:
        """Handle one batch, then what waited long enough; return how many records moved.

        `retry_early` retries everything that waits, without counting the attempt: for tests, and
        after an outage.

        Raises:
            Exception: the database or the broker broke; nothing is lost by running again.
        """
        reader = await self._joined()
        batch = await reader.read(most=self._most, wait=wait)
        await self._take_in(reader, batch)
        if batch.records and not retry_early and not self._may_glance():
            return len(batch.records)
        return len(batch.records) + await self._retry_parked(early=retry_early)

    def _may_glance(self) -> bool:
        """Say, now and then, that it is time to look at what waits, in the middle of traffic."""
        now = asyncio.get_running_loop().time()
        due = now >= self._glance_at
        if due:
            self._glance_at = now + GLANCE_SECONDS
        return due

    async def _take_in(self, reader: Reader, batch: Batch) -> None:
        """Handle a batch, then commit its offsets; size the next by how long this one took."""
        if not batch.records:
            await reader.settle()
            return
        loop = asyncio.get_running_loop()
        async with self._in_flight:
            self.failing, begin = True, loop.time()
            if 2 * len(batch.records) > self._most:  # else who comes meanwhile would wait longer
                reader.read_ahead(most=self._most)
            await self._handle(batch.deliveries)
            await reader.commit(batch.records)
            self.failing = False
        self.handled += len(batch.records)
        speed = len(batch.records) / max(loop.time() - begin, 0.001)
        self._most = min(max(int(speed * BATCH_SECONDS), BATCH[0]), BATCH[1])

    async def close(self) -> None:
        """Leave the group."""
        reader, self._reader, self.member = self._reader, None, None
        if reader:
            await reader.close()

    async def _joined(self) -> Reader:
        if self._reader is None:
            topics = sorted(self._subscriptions.topics)
            await self._transport.ensure_topics(topics)
            self.member = await self._transport.consumer(
                self.consumer, topics, on_revoke=self._finish
            )
            types = self._subscriptions.handlers
            self._reader = Reader(self.member, consumer=self.consumer, types=types)
        return self._reader

    async def _finish(self) -> None:
        """Let what is in flight end before partitions are handed over."""
        async with self._in_flight:
            if self._reader:
                await self._reader.hand_over()

    async def _handle(self, deliveries: Sequence[Delivery]) -> None:
        """Handle the batch as a whole; if that fails, find out which event it was."""
        if not deliveries:
            return
        try:
            outcome = await self._together(deliveries)
        except Exception as error:
            log.info("consumer.one_by_one", consumer=self.consumer, error_class=_name(error))
            outcome = await self._apart(deliveries)
        outcome.count(self.consumer)

    async def _together(self, deliveries: Sequence[Delivery]) -> Outcome:
        async with self._database.transaction() as uow:
            outcome = Outcome()
            ready = await self._ready(uow, deliveries, outcome)
            fresh = await received.claim(uow, ready, consumer=self.consumer)
            for _, run in groupby(fresh, key=lambda delivery: delivery.event_type):
                await self._react_to_run(uow, list(run))
            outcome.delivered += fresh
        return outcome

    async def _apart(self, deliveries: Sequence[Delivery]) -> Outcome:
        async with self._database.transaction() as uow:
            outcome, behind = Outcome(), list[Delivery]()
            failed: set[parked.Stream] = set()
            for delivery in await self._ready(uow, deliveries, outcome):
                if delivery.stream in failed:
                    behind.append(delivery)
                    continue
                error = await self._try(uow, delivery, outcome)
                if error and await self._set_aside(uow, delivery, error, outcome):
                    failed.add(delivery.stream)
            await self._queue_up(uow, behind, outcome)
        return outcome

    async def _ready(
        self, uow: UnitOfWork, deliveries: Sequence[Delivery], outcome: Outcome
    ) -> list[Delivery]:
        """Bury what cannot be read, queue what must wait, return what can be handled now."""
        readable = [d for d in deliveries if d.event]
        for delivery in deliveries:
            if not delivery.event:
                await self._bury(uow, delivery, Undecodable(), outcome=outcome)
        blocked = await parked.blocked(uow, consumer=self.consumer, deliveries=readable)
        if not blocked:
            return readable
        behind = [d for d in readable if d.stream in blocked]
        await self._queue_up(uow, behind, outcome)
        return [d for d in readable if d.stream not in blocked]

    async def _queue_up(
        self, uow: UnitOfWork, deliveries: Sequence[Delivery], outcome: Outcome
    ) -> None:
        unseen = await received.unseen(uow, deliveries, consumer=self.consumer)
        await parked.queue_up(uow, unseen, consumer=self.consumer, at=clock.now())
        outcome.parked += unseen

    async def _react_to_run(self, uow: UnitOfWork, run: Sequence[Delivery]) -> None:
        """React to neighbours of one type: at once, where the reaction is made for that."""
        handler = self._subscriptions.run_handlers.get(run[0].event_type or "")
        if handler is None:
            for delivery in run:
                await self._react(uow, delivery)
            return
        with tracer.start_as_current_span(
            f"{self.consumer} {run[0].event_type} x {len(run)}",
            context=context_of(run[0].traceparent),
            kind=SpanKind.CONSUMER,
            record_exception=False,  # its text may quote a row
            set_status_on_exception=False,
        ):
            await handler([d.event for d in run if d.event], uow)

    async def _react(self, uow: UnitOfWork, delivery: Delivery) -> None:
        if delivery.event is None:
            raise Undecodable
        with tracer.start_as_current_span(
            f"{self.consumer} {delivery.event_type}",
            context=context_of(delivery.traceparent),
            kind=SpanKind.CONSUMER,
            record_exception=False,  # its text may quote a row
            set_status_on_exception=False,
        ):
            await self._subscriptions.react(delivery.event, uow)

    async def _try(self, uow: UnitOfWork, delivery: Delivery, outcome: Outcome) -> Exception | None:
        """Handle one event behind a savepoint; return why it failed, if it did."""
        if delivery.event is None:  # sent round again; the inbox cannot note what has no id
            return Undecodable()
        try:
            async with uow.savepoint():
                if await received.claim(uow, [delivery], consumer=self.consumer):
                    await self._react(uow, delivery)
                    await uow.session.flush()
                    outcome.delivered.append(delivery)
        except Exception as error:
            return error
        return None

    async def _set_aside(
        self, uow: UnitOfWork, delivery: Delivery, error: Exception, outcome: Outcome
    ) -> bool:
        """Bury or park an event that failed; return whether its key has to wait now."""
        if is_final(error):
            await self._bury(uow, delivery, error, outcome=outcome)
            return False
        self._log("consumer.parked", delivery, error)
        await parked.park(
            uow, delivery, consumer=self.consumer, error_class=_name(error), at=clock.now()
        )
        outcome.parked.append(delivery)
        return True

    async def _bury(
        self,
        uow: UnitOfWork,
        delivery: Delivery,
        error: Exception,
        *,
        outcome: Outcome,
        after: parked.Parked | None = None,
    ) -> None:
        self._log("consumer.dead_letter", delivery, error)
        await dead_letters.bury(
            uow,
            delivery,
            consumer=self.consumer,
            attempts=after.attempts + 1 if after else 1,
            error_class=_name(error),
            failed_at=after.failed_at if after else clock.now(),
        )
        outcome.dead.append(delivery)

    async def _retry_parked(self, *, early: bool) -> int:
        """Retry the first waiting event of each key, and follow up where it succeeds."""
        released, tried = 0, set[int]()
        while released < RELEASED_AT_ONCE:
            async with self._database.transaction() as uow:
                due = await parked.heads(
                    uow, consumer=self.consumer, at=clock.now(), early=early, tried=tried
                )
            if not due:
                break
            for position in due:
                released += await self._retry(position, early=early)
            tried.update(due)
        return released

    async def _retry(self, position: int, *, early: bool) -> int:
        """Retry one waiting event; return 1 when its key moves on."""
        outcome = Outcome()
        async with self._in_flight, self._database.transaction() as uow:
            waiting = await parked.take(uow, position)
            if waiting is None:
                return 0
            error = await self._try(uow, waiting.delivery, outcome)
            moved = await self._settle(uow, waiting, error, outcome=outcome, early=early)
        outcome.count(self.consumer)
        return int(moved)

    async def _settle(
        self,
        uow: UnitOfWork,
        waiting: parked.Parked,
        error: Exception | None,
        *,
        outcome: Outcome,
        early: bool,
    ) -> bool:
        """Release the key if the event succeeded or is given up on; else let it wait longer."""
        attempts = waiting.attempts + (0 if early else 1)
        if error and not is_final(error) and attempts < self._max_attempts:
            await parked.postpone(
                uow, waiting, attempts=attempts, error_class=_name(error), at=clock.now()
            )
            return False
        if error:
            await self._bury(uow, waiting.delivery, error, outcome=outcome, after=waiting)
        await parked.release(uow, waiting)
        return True

    def _log(self, event: str, delivery: Delivery, error: Exception) -> None:
        log.warning(
            event,
            consumer=self.consumer,
            event_id=str(delivery.event_id),
            event_type=delivery.event_type,
            error_class=_name(error),
            where=_where(error),
            trace_id=delivery.trace_id,
        )


def _name(error: Exception) -> str:
    return type(error).__name__


def _where(error: Exception) -> str:
    """Return the line that raised, and not what it said: that may quote a row."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}" if trace else ""
