"""A service's answer as it arrives: head first, then the body piece by piece."""

import asyncio
from collections import deque

import httptools

from gateway.headers import Headers

HIGH_WATER = 256 * 1024
HEAD_LIMIT = 64 * 1024


class ReplyFailed(Exception):
    """The answer will not come, or not come to its end."""


class ConnectionLost(ReplyFailed):
    """The service closed the connection before the answer was complete."""


class Unreadable(ReplyFailed):
    """The service's bytes are no HTTP answer."""


class Late(ReplyFailed):
    """The service was silent for too long."""


class Reply:
    """One answer; the httptools parser calls its `on_` methods.

    `head` resolves when status and headers are there; `read()` then gives the body.
    """

    def __init__(self, transport: asyncio.Transport, *, bodiless: bool) -> None:
        self.head: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.status = 0
        self.headers: Headers = []
        self.finished = False
        self.clean = True
        self.touched = False
        self._transport = transport
        self._bodiless = bodiless
        self._framed = False
        self._pieces: deque[bytes] = deque()
        self._held = 0
        self._head_bytes = 0
        self._paused = False
        self._error: ReplyFailed | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._parser = httptools.HttpResponseParser(self)

    @property
    def ready(self) -> bool:
        """Tell whether `read` returns at once."""
        return bool(self._pieces) or self.finished or self._error is not None

    async def read(self) -> bytes:
        """Return the next bytes of the body, waiting for some; empty when there are no more.

        Raises:
            ReplyFailed: the answer broke off.
        """
        if not self.ready:
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        if not self._pieces and self._error is not None:
            raise self._error
        return self._taken()

    def feed(self, data: bytes) -> None:
        """Take bytes from the service."""
        self.touched = True
        if self.finished:
            self.clean = False
            return
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self.clean = False
            self.fail(Unreadable())
        if self.finished:
            # The parser refers to this reply: without this, only the cycle collector frees both.
            del self._parser

    def closed(self) -> None:
        """The service closed the connection: the end of an answer without a length, else a loss."""
        self.clean = False
        if self.status and not self._framed:
            self._finish()
        self.fail(ConnectionLost())

    def fail(self, error: ReplyFailed) -> None:
        """Give up the answer, unless it is complete."""
        if self.finished or self._error is not None:
            return
        self._error = error
        self.clean = False
        if not self.head.done():
            self.head.set_exception(error)
            self.head.exception()  # Seen: the caller may have gone already.
        self._wake()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header; trailers are dropped."""
        self._head_bytes += len(name) + len(value)
        if self._head_bytes > HEAD_LIMIT:
            raise ValueError("the head is too long")
        if not self.status:
            self.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """Let the caller go on, unless this is an interim answer (1xx)."""
        status = self._parser.get_status_code()
        if status < 200:
            self.headers = []
            return
        self.status = status
        self._framed = any(
            name in {b"content-length", b"transfer-encoding"} for name, _ in self.headers
        )
        if self._bodiless or status in {204, 304}:
            self._finish()
        if not self.head.done():
            self.head.set_result(None)

    def on_body(self, piece: bytes) -> None:
        """Keep a piece of the body; a service that is faster than its reader is slowed down."""
        if self.finished:
            self.clean = False
            return
        self._pieces.append(piece)
        self._held += len(piece)
        if self._held > HIGH_WATER and not self._paused:
            self._paused = True
            self._transport.pause_reading()
        self._wake()

    def on_message_complete(self) -> None:
        """The answer is complete (an interim one does not count)."""
        if self.status and not self.finished:
            self.clean = self.clean and self._parser.should_keep_alive()
            self._finish()

    def on_message_begin(self) -> None:
        """A second answer to one request: never use this connection again."""
        if self.finished:
            self.clean = False

    def _finish(self) -> None:
        if self._bodiless or self.status in {204, 304}:
            self.clean = self.clean and self._parser.should_keep_alive()
        self.finished = True
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _taken(self) -> bytes:
        data = self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
        self._pieces.clear()
        self._held = 0
        if self._paused:
            self._paused = False
            self._transport.resume_reading()
        return data
