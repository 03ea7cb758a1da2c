"""One run of a scenario: its databases, its processes, its load, and in the end its verdict."""

import asyncio
import random
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import asyncpg
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from cli import ports
from cli.webapp import is_ready
from kernel.auth import Actor
from kernel.transport.choice import open_transport
from kernel.transport.interface import Transport
from tests.faults import evidence, toy
from tests.faults.checker import judge
from tests.faults.ledger import Ledger
from tests.faults.process import HOST, Order
from tests.faults.processes import PATIENCE, Process
from tests.faults.scenario import Trial, Verdict
from tests.faults.writers import Shape, Writers
from tests.waiting import let_run, until

MOVER = Actor("mover", "mover", "faults", "system", frozenset({toy.SCOPE}))
IMPATIENT_MS = 1_500
LOOK_SECONDS = 0.2
QUIET_SECONDS = 12.0
COUNTS = "SELECT count(*), count(*) FILTER (WHERE published_at IS NULL) FROM outbox"


class Play:
    """Begins with empty databases and topics of its own."""

    def __init__(self, trial: Trial, *, kafka: str, log_url: str, urls: dict[str, str]) -> None:
        self.trial = trial
        self.stage = trial.stage
        self.dice = trial.dice
        self.run = f"run{trial.stage.runs}"
        self.urls = urls
        self.faults = 0
        self.broken: list[str] = []
        self.figures: dict[str, float] = {}
        self.ledger = Ledger(trial.stage.folder / f"{self.run}.ledger")
        self.port = ports.any_free()
        self.processes: list[Process] = []
        self.load: Writers | None = None
        self._loads = 0
        self._doors = urls
        self._front = kafka
        self._bootstrap = kafka
        self._log_url = log_url
        self._began = time.monotonic()

    def dice_of(self, what: str) -> random.Random:
        """Return dice of its own for something that runs beside others, whoever comes first."""
        return random.Random(f"{self.trial.seed} {what}")  # noqa: S311 - dice, not a secret

    def behind_proxies(self) -> None:
        """Let the processes reach broker and databases by the proxies; we keep the front doors."""
        port = str(self.stage.postgres_proxy.port)
        self._doors = {side: re.sub(r":\d+/", f":{port}/", url) for side, url in self.urls.items()}
        self._bootstrap = f"{HOST}:{self.stage.kafka_proxy.port}"

    def order(self, role: str) -> Order:
        """Return what a process of this run is told."""
        sends = role in ("web", "relay")
        return Order(
            role=role,
            run=self.run,
            database_url=self._doors["sender" if sends else "receiver"],
            jwks=self.stage.tokens.jwks if role == "web" else "",
            port=self.port,
            planted=self.trial.planted,
            session_ms=IMPATIENT_MS if self.trial.calm else Order.session_ms,
            bootstrap=self._bootstrap,
            log_url=self._log_url,
        )

    async def start(self, role: str, **otherwise: object) -> Process:
        """Start a process; `otherwise` are fields of its order. A web process is ready then."""
        order = replace(self.order(role), **otherwise)  # type: ignore[arg-type]
        process = await (await self.stage.nursery()).bear(order)
        self.processes.append(process)
        if role == "web":
            await self.web_ready(process)
        return process

    async def start_all(self) -> None:
        """Start one of each."""
        for role in ("relay", "receiver", "web"):
            await self.start(role)

    async def web_ready(self, process: Process) -> None:
        """Wait until it takes commands."""

        async def ready() -> bool:
            return not process.running or await asyncio.to_thread(is_ready, self.port)

        await until(ready, seconds=PATIENCE)

    def write(self, shape: Shape) -> Writers:
        """Let the writers begin."""
        token = self.stage.tokens.token(MOVER, service="faults", lifetime=timedelta(hours=3))
        url = f"http://{HOST}:{self.port}"
        self._loads += 1
        dice = self.dice_of(f"load {self._loads}")
        self.load = Writers(url, token=token, ledger=self.ledger, shape=shape, dice=dice)
        return self.load

    async def one_more(self) -> float:
        """Send one command, wait for its effect, and return how many seconds that took."""
        before, began = self.ledger.moves, time.monotonic()
        extra = self.write(Shape(writers=1, batch=1, per_second=1.0))
        await extra.reach(before + 1)
        await extra.finish()
        await self.settled()
        return time.monotonic() - began

    async def trouble(self, parcel: UUID, *, final: bool) -> None:
        """Let the receiver stumble over a parcel: for good, or as long as this stands."""
        statement = "INSERT INTO trouble (parcel_id, final) VALUES ($1, $2)"
        await evidence.rows(self.urls["receiver"], statement, parcel, final)

    def worst(self, figure: str, value: float) -> None:
        """Keep the highest value of a figure."""
        self.figures[figure] = max(value, self.figures.get(figure, value))

    def transport(self) -> Transport:
        """Return the log as the checker reads it: by the front door."""
        return open_transport(kafka_bootstrap_servers=self._front, log_database_url=self._log_url)

    async def settled(self, *, quiet: float = QUIET_SECONDS) -> None:
        """Wait until everything has arrived, or nothing moves any more."""
        began = moved_at = time.monotonic()
        before: tuple[int, ...] | None = None
        while time.monotonic() - moved_at < quiet:
            now = await self.progress()
            if now != before:
                before, moved_at = now, time.monotonic()
            elif now and now[0] == now[4] == 0 and now[2] >= self.ledger.moves:
                break
            await let_run(LOOK_SECONDS)
        self.figures["settled after s"] = time.monotonic() - began

    async def progress(self) -> tuple[int, ...] | None:
        """Return how far everything is; None while a database is away."""
        try:
            [(told, unpublished)] = await evidence.rows(self.urls["sender"], COUNTS)
            [(effects,)] = await evidence.rows(self.urls["receiver"], "SELECT count(*) FROM effect")
            [(caused, unseen)] = await evidence.rows(self.urls["receiver"], COUNTS)
        except (OSError, asyncpg.PostgresError):
            return None
        return unpublished, told, effects, caused, unseen

    async def finished(self, *, quiet: float = QUIET_SECONDS) -> Verdict:
        """Write as much as was asked for, let everything arrive, and judge."""
        assert self.load
        await self.load.reach(self.trial.events)
        await self.load.finish()
        await self.settled(quiet=quiet)
        return await self.verdict()

    async def verdict(self) -> Verdict:
        """End every process, look at everything, and judge."""
        for process in self.processes:
            await process.kill()
        transport = self.transport()
        moved, seen = toy.topics_of(self.run)
        logs = (await evidence.told(transport, moved), await evidence.told(transport, seen))
        await transport.close()
        verdict = judge(
            await evidence.gather(
                self.ledger, self.urls["sender"], self.urls["receiver"], logs=logs
            )
        )
        verdict.faults = self.faults
        verdict.broken += self.broken
        seconds = time.monotonic() - self._began
        verdict.figures = {"seconds": seconds, **self.figures, **verdict.figures}
        return verdict

    async def close(self) -> None:
        """Leave nothing that runs."""
        if self.load:
            await self.load.abandon()
        for process in self.processes:
            await process.kill()
        self.ledger.close()


@asynccontextmanager
async def staged(trial: Trial, *, embedded: bool = False) -> AsyncIterator[Play]:
    """Give a run with empty databases, on a real Kafka or on the embedded log."""
    stage = trial.stage
    server = await stage.postgres()
    stage.runs += 1
    names = [f"run{stage.runs}_{side}" for side in ("sender", "receiver", "log")]
    sender, receiver, log = (server.create_database(name, "faults") for name in names)
    await create_tables(sender, toy.SENDER)
    await create_tables(receiver, toy.RECEIVER)
    kafka = "" if embedded else (await stage.kafka()).bootstrap
    log_url = log if embedded else ""
    play = Play(trial, kafka=kafka, log_url=log_url, urls={"sender": sender, "receiver": receiver})
    try:
        yield play
    finally:
        await play.close()
        for name in names:
            server.drop_database(name)


async def create_tables(url: str, tables: sa.MetaData) -> None:
    """Create the tables of one side."""
    engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://", 1))
    async with engine.begin() as connection:
        await connection.run_sync(tables.create_all)
    await engine.dispose()
