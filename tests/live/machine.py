"""A whole platform of real processes, in a folder and on ports of its own."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import psutil

from cli import ports, running
from cli.places import PORTS_NEEDED, ROOT, Places, Ports, address
from cli.postgres import EmbeddedPostgres
from cli.webapp import is_ready

UP = (sys.executable, "-m", "cli", "up", "--no-story")
READY_SECONDS = 300.0
STOP_SECONDS = 60.0
NEVER_TOO_MUCH = "1000000"


class TookTooLong(Exception):
    """What a test waits for did not happen in time."""


@dataclass(frozen=True)
class Machine:
    """The platform as the machine sees it: a supervisor, its children, files and ports."""

    var: Path
    first_port: int
    supervisor: subprocess.Popen[bytes]

    @property
    def places(self) -> Places:
        """The folders below its own `var`."""
        return Places(self.var)

    @property
    def ports(self) -> Ports:
        """Its block of ports."""
        return Ports(self.first_port)

    @property
    def gateway(self) -> str:
        """The URL of the only door."""
        return address(self.ports.gateway)

    @property
    def credentials(self) -> dict[str, str]:
        """The story's clients: id -> secret."""
        found: dict[str, str] = json.loads((self.places.keys / "credentials.json").read_text())
        return found

    @property
    def databases(self) -> dict[str, str]:
        """The URL of each service's database."""
        return self.registered().databases

    @property
    def log_database(self) -> str:
        """The URL of the embedded log's database."""
        server = EmbeddedPostgres(self.places.postgres, self.ports.postgres, keys=self.places.keys)
        return server.url("log", "log")

    def registered(self) -> running.Platform:
        """Return what the platform tells other terminals about itself."""
        current = running.Register(self.places.run).current()
        assert current is not None, "the platform runs"
        return current

    def ready(self) -> bool:
        """Say whether the gateway takes requests for every service; fail if it never will."""
        if self.supervisor.poll() is not None:
            raise TookTooLong(f"cli up ended with {self.supervisor.returncode}: {self.said()}")
        return is_ready(self.ports.gateway)

    def said(self) -> str:
        """Return what the supervisor told its terminal."""
        return (self.var.parent / "up.log").read_text()

    def process_of(self, service: str) -> psutil.Process:
        """Return the process that listens on a service's port now."""
        port = str(self.registered().addresses[service])
        family = psutil.Process(self.registered().pid).children(recursive=True)
        [found] = [each for each in family if port in command(each)]
        return found

    def left(self) -> list[str]:
        """Name every process that was started with this platform's environment and still lives."""
        return [line for each in psutil.process_iter() if (line := self._ours(each))]

    def _ours(self, process: psutil.Process) -> str:
        try:
            ours = process.environ().get("ANYAM_VAR") == str(self.var)
        except psutil.Error:
            return ""
        return f"{process.pid} {' '.join(command(process))}" if ours else ""


@contextmanager
def platform() -> Iterator[Machine]:
    """Run `python -m cli up --no-story` until it is ready; end it by SIGTERM, wholly."""
    with tempfile.TemporaryDirectory(prefix="anyam-live-") as folder:
        Path(folder).chmod(0o711)  # the server of the databases may be another user
        machine = begin(Path(folder))
        try:
            wait_until(machine.ready, seconds=READY_SECONDS, what=machine.said)
            yield machine
        finally:
            code = end(machine.supervisor)
        assert code == 0, machine.said()
        assert machine.left() == []


def begin(folder: Path) -> Machine:
    """Start the supervisor; what it says goes to up.log."""
    var, first_port = folder / "var", eight_free()
    env = os.environ | {
        "ANYAM_VAR": str(var),
        "ANYAM_PORT": str(first_port),
        "LC_ALL": "C",
        "RATE_QUOTA": NEVER_TOO_MUCH,
    }
    with (folder / "up.log").open("wb") as output:
        supervisor = subprocess.Popen(
            UP, cwd=ROOT, env=env, stdout=output, stderr=subprocess.STDOUT
        )
    return Machine(var, first_port, supervisor)


def end(supervisor: subprocess.Popen[bytes]) -> int:
    """Stop the supervisor as `make down` does; return its exit code."""
    supervisor.send_signal(signal.SIGTERM)
    try:
        return supervisor.wait(STOP_SECONDS)
    finally:
        supervisor.kill()


def eight_free() -> int:
    """Return the first of eight free ports in a row, below those that clients are given."""
    blocks = range(21_000 + os.getpid() % 1_000 * PORTS_NEEDED, 32_000, PORTS_NEEDED)
    return next(
        first
        for first in blocks
        if all(ports.is_free(first + offset) for offset in range(PORTS_NEEDED))
    )


def command(process: psutil.Process) -> list[str]:
    """Return a process's command line; none of one that has just ended, as backends do."""
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def wait_until(
    condition: Callable[[], bool], *, seconds: float, what: Callable[[], str] = str
) -> None:
    """Wait for a condition.

    Raises:
        TookTooLong: it did not hold in time; `what` tells more.
    """
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TookTooLong(f"{seconds:.0f} s: {what()}")
        Event().wait(0.1)
