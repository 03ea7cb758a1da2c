"""One HTTP/1.1 connection to a service; it carries one request at a time."""

import asyncio
import select
from collections.abc import Callable
from typing import cast

from gateway.reply import ConnectionLost, Reply


class Connection(asyncio.Protocol):
    """Writes a request and feeds the bytes that come back to its reply."""

    def __init__(self, on_lost: Callable[["Connection"], None]) -> None:
        self.reused = False
        self.idle_since = 0.0
        self._on_lost = on_lost
        self._reply: Reply | None = None
        self._transport: asyncio.Transport
        self._writable = asyncio.Event()
        self._writable.set()
        self._lost = False

    @property
    def usable(self) -> bool:
        """Tell whether another request may be written."""
        if self._lost or self._transport.is_closing():
            return False
        return self._reply is None or (self._reply.finished and self._reply.clean)

    def silent(self) -> bool:
        """Ask the kernel whether nothing has come in: neither bytes nor the peer's farewell.

        The event loop may learn of a close only after the next request was written.
        """
        poll = select.poll()
        poll.register(self._transport.get_extra_info("socket").fileno(), select.POLLIN)
        return not poll.poll(0)

    def begin(self, request: bytes, *, bodiless: bool) -> Reply:
        """Write a request, or its head; return the reply to wait for."""
        self._reply = Reply(self._transport, bodiless=bodiless)
        if self._lost:
            self._reply.fail(ConnectionLost())
        else:
            self._transport.write(request)
        return self._reply

    async def write(self, data: bytes) -> None:
        """Write more of the request's body, at the pace of the service."""
        if not self._lost:
            self._transport.write(data)
            await self._writable.wait()

    def abort(self) -> None:
        """Drop the connection at once; what was written may be lost."""
        self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast(asyncio.Transport, transport)  # TCP has both directions

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whoever waits."""
        self._lost = True
        self._writable.set()
        self._on_lost(self)
        if self._reply is None:
            return
        if exc is None:
            self._reply.closed()
        self._reply.fail(ConnectionLost())

    def data_received(self, data: bytes) -> None:
        """Hand bytes to the reply; bytes that nobody asked for end the connection."""
        if self._reply is None or self._reply.finished:
            self._transport.abort()
            return
        self._reply.feed(data)

    def pause_writing(self) -> None:
        """The service reads too slowly."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """The service caught up."""
        self._writable.set()
