"""`make up` to the end: everything starts, a killed service comes back, nothing stays behind."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import psutil
import pytest

from cli import ports, running
from cli.places import PORTS_NEEDED, ROOT, SERVICES, Places
from cli.webapp import is_ready

SECONDS = 120.0
pytestmark = pytest.mark.live


@contextmanager
def platform(var: Path) -> Iterator[tuple[subprocess.Popen[str], running.Platform]]:
    """Run `python -m cli up --no-story` until it is ready; end it by SIGTERM."""
    env = os.environ | {"ANYAM_VAR": str(var), "ANYAM_PORT": str(eight_free()), "LC_ALL": "C"}
    argv = [sys.executable, "-m", "cli", "up", "--no-story"]
    with subprocess.Popen(
        argv, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            assert process.stdout is not None
            said = list(until_ready(process.stdout))
            assert "ready in" in said[-1], "".join(said)
            current = running.Register(Places(var).run).current()
            assert current is not None
            yield process, current
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate()


@pytest.fixture
def reachable() -> Iterator[Path]:
    """Give an empty folder that anybody can reach (pytest's own are closed to others)."""
    with tempfile.TemporaryDirectory(prefix="anyam-test-") as path:
        Path(path).chmod(0o711)
        yield Path(path)


def until_ready(lines: Iterator[str]) -> Iterator[str]:
    """Give the lines up to the one that says that all is ready."""
    for line in lines:
        yield line
        if "ready in" in line:
            return


def eight_free() -> int:
    """Return the first of eight free ports in a row, below those that clients are given."""
    blocks = range(20_000 + os.getpid() % 1_000 * PORTS_NEEDED, 30_000, PORTS_NEEDED)
    return next(
        first
        for first in blocks
        if all(ports.is_free(first + offset) for offset in range(PORTS_NEEDED))
    )


def eventually(condition: Callable[[], bool]) -> bool:
    """Wait for a condition, at most SECONDS."""
    deadline = time.monotonic() + SECONDS
    while not condition() and time.monotonic() < deadline:
        Event().wait(0.1)
    return condition()


def test_the_platform_starts_heals_and_leaves_nothing_behind(reachable: Path) -> None:
    with platform(reachable / "var") as (process, current):
        family = psutil.Process(process.pid).children(recursive=True)
        assert set(current.addresses) == {"gateway", *SERVICES}
        assert all(is_ready(port) for port in current.addresses.values())

        port = current.addresses["export"]
        killed = next(each for each in family if str(port) in each.cmdline())
        killed.kill()

        assert eventually(lambda: not is_ready(port))
        assert eventually(lambda: is_ready(port))
        family += psutil.Process(process.pid).children(recursive=True)

    assert process.returncode == 0
    assert not any(each.is_running() for each in family)
