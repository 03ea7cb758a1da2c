"""Child processes: started on a leash, ended politely, never left behind."""

import contextlib
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from cli import leash

GRACE_SECONDS = 15.0


class Child(Protocol):
    """Something the supervisor keeps alive."""

    name: str
    log: Path

    def start(self) -> None:
        """Start it; may return before it is ready."""

    def stop(self) -> None:
        """End it if it runs, and forget what a dead one left; can be called twice."""

    def running(self) -> bool:
        """Say whether its process lives."""

    def ready(self) -> bool:
        """Say whether it answers."""


def launch(
    argv: list[str],
    *,
    log: Path,
    ends_with: signal.Signals = signal.SIGTERM,
    user: tuple[int, int] | None = None,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start `argv` (full path first) so that it ends with us; what it says goes to `log`."""
    with log.open("ab") as output:
        return subprocess.Popen(
            leash.command(*argv, ends_with=ends_with, user=user),
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )


def end(
    process: subprocess.Popen[bytes] | None,
    *,
    first: signal.Signals = signal.SIGTERM,
    grace: float = GRACE_SECONDS,
) -> None:
    """Ask the child to end by the signal `first`; kill it after `grace` seconds."""
    if process is None:
        return
    if process.poll() is None:
        process.send_signal(first)
    try:
        process.wait(grace)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def pause(process: subprocess.Popen[bytes] | None, *, seconds: float = 0.02) -> None:
    """Wait a moment, or until the process ends."""
    if process is not None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
