"""Waiting for a condition with a deadline, and letting what runs beside the test run on."""

import asyncio
from collections.abc import Awaitable, Callable

TICK_SECONDS = 0.02


async def until(holds: Callable[[], Awaitable[bool]], *, seconds: float) -> None:
    """Look again and again until it holds.

    Raises:
        TimeoutError: it did not hold in time.
    """
    async with asyncio.timeout(seconds):
        while not await holds():
            await let_run(TICK_SECONDS)


async def let_run(seconds: float) -> None:
    """Let the other tasks run for a while: for faults that strike in the middle of work."""
    await asyncio.sleep(seconds)
