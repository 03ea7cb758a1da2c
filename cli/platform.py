"""The whole platform on this machine: in which order it starts, and with what."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from cli import clients, environment, keys, running
from cli.children import launch
from cli.environment import LOG, Messages
from cli.kafka import EmbeddedKafka
from cli.migrating import migrate
from cli.places import ROOT, SERVICES, Places, Ports, address
from cli.postgres import EmbeddedPostgres
from cli.screen import Screen, said
from cli.supervisor import Supervisor
from cli.webapp import GATEWAY, WebApp, uvicorn

STORY = (sys.executable, "-m", "cli.story")
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """A person or the system asked the platform to stop."""


def stop_on_signals() -> None:
    """Let the first signal raise Stopped."""
    for number in SIGNALS:
        signal.signal(number, raise_stopped)


def raise_stopped(number: int, frame: FrameType | None) -> None:
    """Turn a signal into Stopped, once."""
    ignore_signals()
    raise Stopped


def ignore_signals() -> None:
    """Let nothing disturb the clean end."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


class LocalPlatform:
    """Everything `make up` starts; `up` returns when it was asked to stop."""

    def __init__(self, *, places: Places, ports: Ports, screen: Screen) -> None:
        self.places = places
        self.ports = ports
        self.screen = screen
        self.supervisor = Supervisor(tell=screen.say)
        self.secrets = keys.load(places.keys)
        self.credentials = clients.write(places.keys)

    def up(self, *, with_story: bool) -> None:
        """Start everything, load the story, then keep it alive until a signal."""
        stop_on_signals()
        begin = time.monotonic()
        try:
            self.start()
            if with_story:
                self.tell_the_story()
            self.welcome(seconds=time.monotonic() - begin)
            self.supervisor.watch()
        except Stopped:
            self.screen.say(said(id="Menghentikan semua proses...", en="Stopping everything..."))
        finally:
            ignore_signals()
            self.supervisor.stop()

    def start(self) -> None:
        """Start databases, broker, services and gateway, each when the former is ready."""
        register = running.Register(self.places.run)
        register.write(self.description({}))
        self.ports.require_free()
        server = self.start_postgres()
        messages = self.start_messages(server)
        databases = environment.databases(server)
        migrate(databases)
        self.screen.done(said(id="basis data siap", en="databases are at the newest schema"))
        self.supervisor.start(*(self.service(name, databases[name], messages) for name in SERVICES))
        self.screen.done(said(id="empat layanan siap", en="four services are ready"))
        self.supervisor.start(self.gateway())
        register.write(self.description(databases))

    def start_postgres(self) -> EmbeddedPostgres | None:
        """Start the embedded PostgreSQL unless every database is given."""
        needed = [*SERVICES, *([] if wants_kafka() else [LOG])]
        if all(environment.given_database(name) for name in needed):
            return None
        server = embedded_postgres(self.places, self.ports)
        self.supervisor.start(server)
        self.screen.done(f"PostgreSQL: 127.0.0.1:{self.ports.postgres}")
        return server

    def start_messages(self, server: EmbeddedPostgres | None) -> Messages:
        """Return where events go; start Kafka when KAFKA=1 asks for it."""
        given = os.environ.get("KAFKA_BOOTSTRAP_SERVERS", "")
        if given:
            return Messages(kafka_bootstrap_servers=given)
        if not wants_kafka():
            return Messages(log_database_url=environment.database(LOG, server))
        broker = EmbeddedKafka(
            self.places.kafka,
            self.ports.kafka,
            self.ports.kafka_controller,
            log=self.places.logs / "kafka.log",
        )
        self.supervisor.start(broker)
        self.screen.done(f"Kafka: {broker.bootstrap}")
        return Messages(kafka_bootstrap_servers=broker.bootstrap)

    def service(self, name: str, database_url: str, messages: Messages) -> WebApp:
        """Return one service with its worker inside."""
        env = environment.of_service(
            name, secrets=self.secrets, database_url=database_url, messages=messages
        )
        env["TRACE_FILE"] = str(self.places.logs / f"traces-{name}.jsonl")
        port = self.ports.service(name)
        return self.webapp(name, uvicorn(f"services.{name}.app:create_app", port), port, env)

    def gateway(self) -> WebApp:
        """Return the front door."""
        env = environment.of_gateway(secrets=self.secrets, places=self.places, ports=self.ports)
        return self.webapp("gateway", GATEWAY, self.ports.gateway, env)

    def webapp(self, name: str, program: Sequence[str], port: int, env: dict[str, str]) -> WebApp:
        """Return an application that logs to var/log."""
        log = self.places.logs / f"{name}.log"
        return WebApp(name, program=program, port=port, env=env, log=log)

    def description(self, databases: dict[str, str]) -> running.Platform:
        """Return what other terminals may know about us."""
        gateway = address(self.ports.gateway)
        return running.describe(gateway=gateway, addresses=self.ports.listed(), databases=databases)

    def tell_the_story(self) -> None:
        """Load the story once; a story that fails is told in one line and stops nothing."""
        loaded = self.places.run / "story-loaded"
        if loaded.exists():
            return
        log = self.places.logs / "story.log"
        if self.follow_the_story(log) == 0:
            loaded.touch()
            self.screen.done(said(id="cerita dimuat", en="the story is loaded"))
            return
        self.screen.say(
            said(
                id=f"Cerita tidak dapat dimuat: baca {log}, lalu make story.",
                en=f"The story could not be loaded: read {log}, then make story.",
            )
        )

    def follow_the_story(self, log: Path) -> int:
        """Run the story while the platform is kept alive, show what it says; return its code."""
        env = environment.of_story(places=self.places, gateway=address(self.ports.gateway))
        log.touch()
        with log.open() as said_so_far:
            said_so_far.seek(0, os.SEEK_END)
            process = launch([*STORY], log=log, cwd=ROOT, env=env)
            while process.poll() is None:
                self.supervisor.tick()
                self.screen.copy(said_so_far)
            self.screen.copy(said_so_far)
        return process.returncode

    def welcome(self, *, seconds: float) -> None:
        """Say where to look, as whom, and what to do next."""
        door = address(self.ports.gateway)
        self.screen.done(said(id=f"siap dalam {seconds:.0f} s", en=f"ready in {seconds:.0f} s"))
        self.screen.say("")
        self.screen.table(
            (said(id="apa", en="what"), said(id="di mana", en="where")),
            [
                (said(id="gerbang", en="gateway"), door),
                (said(id="dokumentasi", en="documentation"), f"{door}/docs"),
                (said(id="log", en="logs"), str(self.places.logs)),
            ],
        )
        self.screen.say("")
        self.screen.table(("client_id", "client_secret"), self.credentials.items())
        self.screen.say(
            said(
                id="\nDi terminal lain: make status, make story, make down. Ctrl-C: berhenti.",
                en="\nIn another terminal: make status, make story, make down. Ctrl-C stops.",
            )
        )


def wants_kafka() -> bool:
    """Say whether events go to a Kafka: KAFKA=1, or brokers that are given."""
    return os.environ.get("KAFKA") == "1" or bool(os.environ.get("KAFKA_BOOTSTRAP_SERVERS"))


def embedded_postgres(places: Places, ports: Ports) -> EmbeddedPostgres:
    """Return the PostgreSQL of this clone, not yet started."""
    return EmbeddedPostgres(
        places.postgres, ports.postgres, keys=places.keys, log=places.logs / "postgres.log"
    )


def story(places: Places, *, gateway: str) -> int:
    """Run the story against a gateway, here in the terminal; return its exit code."""
    env = environment.of_story(places=places, gateway=gateway)
    return subprocess.run(STORY, cwd=ROOT, env=env, check=False).returncode
