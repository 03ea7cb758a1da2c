"""The servers that all runs share: a durable PostgreSQL, a real Kafka, a network before each."""

import asyncio
import shutil
import signal
import tempfile
import time
from functools import cached_property
from pathlib import Path

from cli import ports, reach
from cli.children import launch
from cli.kafka import EmbeddedKafka
from cli.postgres import EmbeddedPostgres
from kernel.testing.tokens import TokenMaker
from tests.faults.processes import Nursery
from tests.faults.proxy import Proxy
from tests.waiting import until

START_SECONDS = 90.0


class TwoDoors(EmbeddedKafka):
    """A broker with a second door, whose guests are told to find it behind the proxy."""

    def __init__(self, folder: Path, *, proxy_port: int) -> None:
        super().__init__(folder)
        self.back_port = ports.any_free()
        self._proxy_port = proxy_port

    def format(self) -> None:
        """Cut the second door into the properties, then go on."""
        text = self.properties.read_text()
        host = ports.HOST
        for name, port in (
            ("listeners", self.back_port),
            ("advertised.listeners", self._proxy_port),
        ):
            text = text.replace(
                f"\n{name}=PLAINTEXT://", f"\n{name}=BACK://{host}:{port},PLAINTEXT://"
            )
        text = text.replace("=PLAINTEXT:PLAINTEXT", "=BACK:PLAINTEXT,PLAINTEXT:PLAINTEXT")
        self.properties.write_text(text + "group.min.session.timeout.ms=500\n")
        super().format()

    async def strike(self, number: signal.Signals) -> None:
        """Send the broker a signal and wait until it is gone."""
        assert self.process
        self.process.send_signal(number)
        await asyncio.to_thread(self.process.wait)

    async def revive(self) -> None:
        """Start it again, on its data and its ports."""
        self.process = launch(self.argv("kafka.Kafka", str(self.properties)), log=self.log)

        async def ready() -> bool:
            return self.ready()

        await until(ready, seconds=START_SECONDS)


class Stage:
    """Starts each server when it is first asked for; close it in the end."""

    def __init__(self) -> None:
        self.tokens = TokenMaker()
        self.kafka_proxy = Proxy()
        self.postgres_proxy = Proxy()
        self._kafka: TwoDoors | None = None
        self._postgres: EmbeddedPostgres | None = None
        self._nursery: Nursery | None = None
        self.runs = 0

    @cached_property
    def folder(self) -> Path:
        """Where servers and logs are."""
        folder = Path(tempfile.mkdtemp(prefix="anyam-faults-"))
        folder.chmod(0o711)  # the server of the databases may be another user
        return folder

    async def kafka(self) -> TwoDoors:
        """Return the broker."""
        if self._kafka is None:
            await self.kafka_proxy.open()
            self._kafka = TwoDoors(self.folder / "kafka", proxy_port=self.kafka_proxy.port)
            self._kafka.start()
            self.kafka_proxy.target = self._kafka.back_port
        return self._kafka

    async def postgres(self) -> EmbeddedPostgres:
        """Return the database server, which forgets nothing when it is killed."""
        if self._postgres is None:
            await self.postgres_proxy.open()
            self._postgres = EmbeddedPostgres(self.folder / "postgres")
            self._postgres.start()
            self.postgres_proxy.target = self._postgres.port
        return self._postgres

    async def nursery(self) -> Nursery:
        """Return where processes come from."""
        if self._nursery is None:
            self._nursery = Nursery(self.folder)
            self._nursery_open = asyncio.create_task(self._nursery.open())
        await self._nursery_open
        return self._nursery

    async def close(self) -> None:
        """Stop what was started."""
        if self._nursery:
            await self._nursery.close()
        if self._kafka:
            await self.kafka_proxy.close()
            self._kafka.stop()
        if self._postgres:
            await self.postgres_proxy.close()
            self._postgres.remove()
        shutil.rmtree(self.folder, ignore_errors=True)


async def crash(server: EmbeddedPostgres) -> None:
    """Stop the server at once: no session is asked, nothing is flushed."""
    assert server.process
    server.process.send_signal(signal.SIGQUIT)
    await asyncio.to_thread(server.process.wait)


async def revive(server: EmbeddedPostgres) -> float:
    """Start it again and return how many seconds it took, its recovery from the log included."""
    began = time.monotonic()
    async with asyncio.timeout(START_SECONDS):
        while not server.ready():
            server.process = launch(
                server.argv(), log=server.log, ends_with=signal.SIGINT,
                user=reach.unprivileged(), cwd=Path("/"),
            )  # fmt: skip
            await until(lambda: _settled(server), seconds=START_SECONDS)
    return time.monotonic() - began


async def _settled(server: EmbeddedPostgres) -> bool:
    """Say whether the server is up, or has given up: its predecessor's memory may be in use."""
    return server.ready() or not server.running()
