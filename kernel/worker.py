"""A service's worker: relay, consumers, timers and housekeeping, watched as one."""

import asyncio
import signal
from collections.abc import Awaitable, Sequence
from datetime import timedelta

import prometheus_client
import sqlalchemy as sa
import structlog

from kernel import clock, idempotency, outbox, set_aside
from kernel.db import Database
from kernel.inbox import Runner
from kernel.outbox import Relay
from kernel.subscriptions import Subscriptions
from kernel.timers import Recurring
from kernel.transport.interface import Transport

log = structlog.get_logger("worker")

STOP_SECONDS = 8.0
WATCH_SECONDS = 5.0
STALLED_SECONDS = 60.0
KEEP_HOUSE_EVERY = timedelta(minutes=10)

LAG = prometheus_client.Gauge("consumer_lag", "Records not consumed by the group.", ["consumer"])
WRITE_LAG = sa.text(
    "INSERT INTO consumer_lag AS l (consumer, records, measured_at) VALUES (:consumer, :records,"
    " :at) ON CONFLICT (consumer) DO UPDATE SET records = excluded.records,"
    " measured_at = excluded.measured_at"
)


class ConsumerStalled(Exception):
    """Records wait and none was consumed for a minute: only a new process helps."""


class Worker:
    """Runs until `stop`; ends with an error when a part of it cannot go on."""

    def __init__(
        self,
        database: Database,
        service: str,
        transport: Transport,
        subscriptions: Sequence[Subscriptions],
        *,
        timers: Sequence[Recurring] = (),
        stalled_seconds: float = STALLED_SECONDS,
    ) -> None:
        self.service = service
        self.relays = [
            Relay(database.url, service=service, transport=transport, shard=shard)
            for shard in range(database.shards)
        ]
        self.runners = [Runner(database, each, transport) for each in subscriptions]
        self.timers = timers
        self._database = database
        self._stop = asyncio.Event()
        self._stalled_seconds = stalled_seconds

    async def run(self) -> None:
        """Work until `stop` is called.

        Raises:
            ExceptionGroup: of ConsumerStalled, or of a fault that no retry mends.
        """
        async with asyncio.TaskGroup() as group:
            parts = [group.create_task(part.run(self._stop)) for part in self._parts()]
            beside = [group.create_task(self._keep_house()), group.create_task(self._measure())]
            beside += [group.create_task(self._watch(r)) for r in self.runners]
            beside += [group.create_task(self._tick(timer)) for timer in self.timers]
            await self._stop.wait()
            _, late = await asyncio.wait(parts, timeout=STOP_SECONDS)
            for task in (*late, *beside):
                task.cancel()

    def stop(self) -> None:
        """Finish what is in flight and end, within ten seconds."""
        self._stop.set()

    async def run_until_signalled(self) -> None:
        """Work until SIGTERM or SIGINT: the life of a worker process."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        await self.run()

    def _parts(self) -> list[Relay | Runner]:
        return [*self.relays, *self.runners]

    async def remember_lag(self, consumer: str, records: int) -> None:
        """Show a consumer's lag to the metrics and to the operations page."""
        LAG.labels(consumer).set(records)
        await self._surviving(self._write_lag(consumer, records))

    async def _write_lag(self, consumer: str, records: int) -> None:
        async with self._database.transaction() as uow:
            names = {"consumer": consumer, "records": records, "at": clock.now()}
            await uow.execute(WRITE_LAG, names)

    async def _watch(self, runner: Runner) -> None:
        await Watch(runner, self, stalled_seconds=self._stalled_seconds).run()

    async def _measure(self) -> None:
        while True:
            await self._surviving(self._measure_once())
            await asyncio.sleep(WATCH_SECONDS)

    async def _measure_once(self) -> None:
        async with self._database.transaction() as uow:
            waiting = await outbox.backlog(uow)
            aside = await set_aside.counts(uow)
        outbox.UNPUBLISHED.labels(self.service).set(waiting.events)
        outbox.OLDEST.labels(self.service).set(waiting.oldest_seconds)
        set_aside.show(aside, service=self.service, consumers=[r.consumer for r in self.runners])

    async def _keep_house(self) -> None:
        while True:
            await self._surviving(self._keep_house_once())
            await asyncio.sleep(KEEP_HOUSE_EVERY.total_seconds())

    async def _keep_house_once(self) -> None:
        deleted = await outbox.delete_published(self._database)
        await idempotency.forget_answers(self._database)
        log.info("worker.house_kept", service=self.service, published_events_deleted=deleted)

    async def _tick(self, timer: Recurring) -> None:
        while True:
            await self._surviving(timer.run_once(self._database))
            await asyncio.sleep(timer.every.total_seconds())

    async def _surviving(self, work: Awaitable[object]) -> None:
        """Await work that its next turn makes good if this one fails."""
        try:
            await work
        except Exception as error:
            name = type(error).__name__
            log.warning("worker.turn_failed", service=self.service, error_class=name)


class Watch:
    """Ends the worker when its consumer stands still before a lag: brokers' clients do that.

    A broker that cannot be reached is no such case: a new process would not reach it either.
    """

    def __init__(self, runner: Runner, worker: Worker, *, stalled_seconds: float) -> None:
        self._runner = runner
        self._worker = worker
        self._stalled_seconds = stalled_seconds
        self._handled = 0
        self._behind: int | None = 0
        self._moved_at = 0.0

    async def run(self) -> None:
        """Look every few seconds.

        Raises:
            ConsumerStalled: nothing moved for too long.
        """
        loop = asyncio.get_running_loop()
        self._moved_at = loop.time()
        pause = min(WATCH_SECONDS, self._stalled_seconds / 4)
        while True:
            await asyncio.sleep(pause)
            behind = await self._measure(seconds=self._stalled_seconds / 2)
            if self._moves(behind):
                self._moved_at = loop.time()
            elif loop.time() - self._moved_at > self._stalled_seconds:
                raise ConsumerStalled(self._runner.consumer)

    def _moves(self, behind: int | None) -> bool:
        before, self._behind = self._behind, behind
        handled, self._handled = self._handled, self._runner.handled
        idle = self._runner.member is not None and not self._runner.member.assigned
        shrinks = idle and behind is not None and before is not None and behind < before
        return behind in (0, None) or handled != self._runner.handled or shrinks

    async def _measure(self, *, seconds: float) -> int | None:
        """Return how far this member (if it reads nothing: its group) is behind; None: unknown."""
        member = self._runner.member
        if member is None:
            return 1 if self._runner.failing else None
        try:
            async with asyncio.timeout(seconds):
                lag = await member.lag()
        except Exception as error:
            name = type(error).__name__
            log.warning("watch.blind", consumer=self._runner.consumer, error_class=name)
            return None
        await self._worker.remember_lag(self._runner.consumer, sum(lag.values()))
        return sum(lag.get(p, 0) for p in member.assigned or lag)
