"""The supervisor: what dies starts again, what keeps dying is named, nothing stays behind."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from cli.children import end
from cli.failures import CannotGoOn
from cli.places import ROOT
from cli.supervisor import Supervisor
from tests.cli.tiny import DIES, QUICK, Tiny

SECONDS = 20.0


@contextmanager
def tiny_platform(folder: Path) -> Iterator[tuple[subprocess.Popen[str], list[psutil.Process]]]:
    """Run a platform of two tiny children as a process of its own."""
    argv = [sys.executable, "-m", "tests.cli.tiny", str(folder)]
    with subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True) as platform:
        assert platform.stdout is not None
        assert platform.stdout.readline() == "ready\n"
        pids = [int((folder / f"{name}.pid").read_text()) for name in ("one", "two")]
        yield platform, [psutil.Process(pid) for pid in pids]


def test_a_killed_child_starts_again(tmp_path: Path) -> None:
    told: list[str] = []
    supervisor = Supervisor(tell=told.append, patience=QUICK)
    child = Tiny("one", tmp_path)
    supervisor.start(child)
    killed = child.process
    assert killed is not None

    killed.kill()
    deadline = time.monotonic() + SECONDS
    while child.process is killed and time.monotonic() < deadline:
        supervisor.tick()

    assert child.running()
    assert told == [f"one ended; it starts again (log: {child.log})"]
    supervisor.stop()


def test_a_child_that_keeps_dying_is_named_with_its_log(tmp_path: Path) -> None:
    supervisor = Supervisor(patience=QUICK)
    supervisor.start(Tiny("sound", tmp_path))

    with pytest.raises(CannotGoOn, match=r"^sick ends again and again .*: read .*sick\.log\.$"):
        start_and_watch(supervisor, Tiny("sick", tmp_path, code=DIES))

    supervisor.stop()


def start_and_watch(supervisor: Supervisor, child: Tiny) -> None:
    """Start a child and look after it until that fails."""
    supervisor.start(child)
    supervisor.watch()


def test_children_end_in_reverse_order(tmp_path: Path) -> None:
    supervisor = Supervisor(patience=QUICK)
    first, second = Tiny("first", tmp_path), Tiny("second", tmp_path)
    supervisor.start(first)
    supervisor.start(second)

    supervisor.stop()

    assert not first.running()
    assert not second.running()
    assert supervisor.watched == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_leaves_no_process_behind(tmp_path: Path, number: signal.Signals) -> None:
    with tiny_platform(tmp_path) as (platform, children):
        platform.send_signal(number)

    assert platform.returncode == 0
    assert not any(child.is_running() for child in children)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the next start ends what is left")
def test_a_killed_platform_leaves_no_process_behind(tmp_path: Path) -> None:
    with tiny_platform(tmp_path) as (platform, children):
        platform.kill()

    assert psutil.wait_procs(children, timeout=SECONDS)[1] == []


def test_a_child_that_ignores_the_request_is_killed(tmp_path: Path) -> None:
    stubborn = Tiny(
        "stubborn",
        tmp_path,
        code="import signal; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True)\n"
        "while True: signal.pause()",
    )
    stubborn.start()
    while b"deaf" not in stubborn.log.read_bytes():
        assert stubborn.running()

    end(stubborn.process, grace=0.1)

    assert not stubborn.running()
