"""The platform that runs from this clone: one at a time, stopped from another terminal."""

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

import psutil

from cli.failures import CannotGoOn

STOP_SECONDS = 90.0


@dataclass(frozen=True)
class Platform:
    """What another terminal has to know: the supervisor's process, and what listens where."""

    pid: int
    started: float
    gateway: str
    addresses: dict[str, int]
    databases: dict[str, str]

    def process(self) -> psutil.Process | None:
        """Return the supervisor, or None when that pid is gone or means another program."""
        try:
            process = psutil.Process(self.pid)
            return process if abs(process.create_time() - self.started) < 1 else None
        except psutil.NoSuchProcess:
            return None


def describe(*, gateway: str, addresses: dict[str, int], databases: dict[str, str]) -> Platform:
    """Return the platform that this process supervises."""
    started = psutil.Process().create_time()
    return Platform(os.getpid(), started, gateway, addresses, databases)


class Register:
    """The file in var/run that says what runs; a lock beside it says that it is true."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "platform.json"
        self.lock = folder / "lock"

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Be the only platform of this clone; CannotGoOn when there is one already."""
        with self.lock.open("a") as lock:
            if not try_lock(lock):
                raise already_running()
            try:
                yield
            finally:
                self.file.unlink(missing_ok=True)

    def write(self, platform: Platform) -> None:
        """Tell the other terminals; the database URLs are for the owner's eyes only."""
        self.file.touch(mode=0o600)
        self.file.write_text(json.dumps(asdict(platform), indent=2) + "\n")

    def locked(self) -> bool:
        """Say whether a platform runs, or is just starting or stopping."""
        if not self.lock.exists():
            return False
        with self.lock.open("a") as lock:
            return not try_lock(lock)

    def current(self) -> Platform | None:
        """Return the platform that runs, None when there is none."""
        if not self.locked() or not self.file.exists():
            return None
        platform = Platform(**json.loads(self.file.read_text()))
        return platform if platform.process() else None


def required(register: Register) -> Platform:
    """Return the platform of this clone; CannotGoOn when none runs."""
    current = register.current()
    if current is None:
        raise CannotGoOn(
            id="Platform tidak berjalan: mulai dengan make up.",
            en="The platform does not run: start it with make up.",
        )
    return current


def try_lock(lock: IO[str]) -> bool:
    """Take the lock until the file is closed; False when another process has it."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def stop(register: Register) -> bool:
    """Stop the platform and wait for its end; False when none runs."""
    platform = register.current()
    process = platform and platform.process()
    if not process:
        if register.locked():
            raise still_starting()
        return False
    process.terminate()
    _, alive = psutil.wait_procs([process], timeout=STOP_SECONDS)
    if alive:
        raise does_not_stop(process.pid)
    return True


def already_running() -> CannotGoOn:
    """Return the failure of a second `make up`."""
    return CannotGoOn(
        id="Platform dari klon ini sudah berjalan: lihat dengan make status, hentikan dengan "
        "make down.",
        en="The platform of this clone runs already: see it with make status, stop it with "
        "make down.",
    )


def still_starting() -> CannotGoOn:
    """Return the failure of `make down` between two states."""
    return CannotGoOn(
        id="Platform sedang mulai atau berhenti: tunggu sebentar, lalu ulangi.",
        en="The platform is just starting or stopping: wait a moment, then try again.",
    )


def does_not_stop(pid: int) -> CannotGoOn:
    """Return the failure of a platform that ignores the request to stop."""
    return CannotGoOn(
        id=f"Proses {pid} tidak mau berhenti: hentikan dengan kill -9 {pid}.",
        en=f"Process {pid} does not stop: end it with kill -9 {pid}.",
    )
