"""A network in between, of our own: slow, dripping, cut, deaf in one direction or both."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Literal

from tests.waiting import let_run

HOST = "127.0.0.1"
CHUNK = 64 * 1024
Direction = Literal["up", "down"]
Pipe = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Proxy:
    """Passes connections on to a port; set its knobs, and it does so badly.

    `latency` is seconds a chunk; `drip` bytes a second, or None. A direction that is `held` takes
    what comes and passes nothing on until it is let go: a black hole, when both are.
    """

    def __init__(self) -> None:
        self.latency = 0.0
        self.drip: int | None = None
        self.target = 0
        self.port = 0
        self._flows: dict[Direction, asyncio.Event] = {
            "up": asyncio.Event(),
            "down": asyncio.Event(),
        }
        self._pipes: set[asyncio.StreamWriter] = set()
        self._pumps: set[asyncio.Task[None]] = set()
        self.calm()

    async def open(self) -> None:
        """Listen on a free port."""
        self._server = await asyncio.start_server(self._accept, HOST, 0)
        self.port = self._server.sockets[0].getsockname()[1]

    def calm(self) -> None:
        """Be a good network again."""
        self.latency, self.drip = 0.0, None
        for flow in self._flows.values():
            flow.set()

    def hold(self, *directions: Direction) -> None:
        """Pass nothing on in these directions."""
        for direction in directions:
            self._flows[direction].clear()

    def reset(self) -> int:
        """Cut every connection, without a word; return how many."""
        cut = len(self._pipes)
        for writer in self._pipes:
            writer.transport.abort()
        return cut

    async def close(self) -> None:
        """Hang up."""
        self.calm()
        self._server.close()
        self.reset()
        if self._pumps:
            await asyncio.wait(self._pumps)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there = await asyncio.open_connection(HOST, self.target)
        except OSError:
            writer.transport.abort()
            return
        self._pipes |= {writer, there[1]}
        pumps = [
            asyncio.create_task(self._pump((reader, there[1]), "up")),
            asyncio.create_task(self._pump((there[0], writer), "down")),
        ]
        self._pumps |= set(pumps)
        for pump in pumps:
            pump.add_done_callback(self._pumps.discard)

    async def _pump(self, pipe: Pipe, direction: Direction) -> None:
        reader, writer = pipe
        with suppress(OSError):
            while chunk := await reader.read(CHUNK):
                await self._weather(direction, len(chunk))
                writer.write(chunk)
                await writer.drain()
        self._pipes.discard(writer)
        writer.transport.abort() if reader.exception() else writer.close()

    async def _weather(self, direction: Direction, size: int) -> None:
        await self._flows[direction].wait()
        pause = self.latency + (size / self.drip if self.drip else 0.0)
        if pause:
            await let_run(pause)


Storm = Callable[[Proxy], Awaitable[None]]
