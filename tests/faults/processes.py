"""The driver's side of the processes: begin, kill, freeze, thaw, end, and wait for each."""

import asyncio
import os
import signal
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

import orjson
import psutil

from cli import leash
from cli.places import ROOT
from tests.faults.process import Order
from tests.waiting import until

KILLED = -signal.SIGKILL
PATIENCE = 60.0


class Process:
    """One process of the harness."""

    def __init__(self, order: Order, pid: int) -> None:
        self.order = order
        self.pid = pid
        self.ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    @property
    def running(self) -> bool:
        """Say whether it has not ended."""
        return not self.ended.done()

    def send(self, number: signal.Signals) -> None:
        """Send it a signal, if it lives."""
        if self.running:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    async def wait(self, *, seconds: float = PATIENCE) -> int:
        """Return its exit code once it has ended; minus the signal that killed it."""
        async with asyncio.timeout(seconds):
            return await asyncio.shield(self.ended)

    async def kill(self) -> None:
        """Kill it and see it dead."""
        self.send(signal.SIGKILL)
        await self.wait()

    async def terminate(self) -> int:
        """Ask it to end, and return its exit code."""
        self.send(signal.SIGTERM)
        return await self.wait()

    async def frozen(self, *, seconds: float = PATIENCE) -> None:
        """Wait until it has stopped itself."""

        async def stopped() -> bool:
            return psutil.Process(self.pid).status() == psutil.STATUS_STOPPED

        await until(stopped, seconds=seconds)


class Nursery:
    """Where processes come from; see tests/faults/nursery.py."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._born: list[asyncio.Future[int]] = []
        self._living: dict[int, Process] = {}

    async def open(self) -> None:
        """Start it; the first process has to wait for its imports."""
        argv = [sys.executable, "-m", "tests.faults.nursery"]
        self._itself = await asyncio.create_subprocess_exec(
            *leash.command(*argv, ends_with=signal.SIGTERM),
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        self._hearing = asyncio.create_task(self._hear())

    async def bear(self, order: Order) -> Process:
        """Return a new process; it works on being ready."""
        coming = asyncio.get_running_loop().create_future()
        self._born.append(coming)
        log = self._folder / f"{order.run}-{order.role}.log"
        wish = {"number": len(self._born) - 1, "log": str(log), "order": asdict(order)}
        assert self._itself.stdin
        self._itself.stdin.write(orjson.dumps(wish) + b"\n")
        pid = await coming
        process = self._living[pid] = Process(order, pid)
        return process

    async def close(self) -> None:
        """End it, and with it whatever still runs."""
        assert self._itself.stdin
        self._itself.stdin.close()
        await self._itself.wait()
        await self._hearing

    async def _hear(self) -> None:
        assert self._itself.stdout
        async for line in self._itself.stdout:
            told = orjson.loads(line)
            if "number" in told:
                self._born[told["number"]].set_result(told["pid"])
            else:
                # Its birth was told before; let whoever waits for that take it in first.
                asyncio.get_running_loop().call_soon(self._end, told["pid"], told["code"])

    def _end(self, pid: int, code: int) -> None:
        ended = self._living.pop(pid).ended
        if not ended.done():
            ended.set_result(code)
