"""The server's side of HTTP/1.1: limits and refusals before any application sees a request."""

import asyncio
import json
import os

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from gateway.answers import problem_headers
from gateway.problems import (
    HeadersTooLarge,
    MalformedRequest,
    TooSlow,
    UrlTooLong,
    VersionNotSupported,
)
from kernel.problems import Problem, language_of, render

HEADER_LIMIT = 16 * 1024
TARGET_LIMIT = 8 * 1024
LINGER_BYTES = 64 << 20


class FrontDoor(HttpToolsProtocol):
    """uvicorn's protocol with limits on the head, and no second request after an unread body."""

    head_seconds = 5.0
    """From the first byte of a request (or the connection) until its head must be complete."""
    stall_seconds = 60.0
    """How long a client may take nothing of its answer."""
    linger_seconds = 2.0
    """How long a refused body is still swallowed, so that the client reads the refusal."""

    _head_timer: asyncio.TimerHandle | None = None
    _stall_timer: asyncio.TimerHandle | None = None
    _head_bytes = 0
    _in_head = True
    _begun = False
    _served = False
    _lingering = False
    _swallowed = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Start the clock: a connection must bring a request."""
        super().connection_made(transport)
        self._expect_a_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop every clock."""
        for timer in (self._head_timer, self._stall_timer):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse; refuse what does not parse with a problem document, and end the connection."""
        if self._lingering:
            self._swallow(len(data))
            return
        self._unset_keepalive_if_required()
        if self._in_head and self._head_timer is None:
            self._expect_a_head()
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._refuse(error)
        except httptools.HttpParserUpgrade:
            self._last_request()

    def on_message_begin(self) -> None:
        """Begin to count the bytes of a head."""
        super().on_message_begin()
        self._in_head = self._begun = True
        self._head_bytes = 0

    def on_url(self, url: bytes) -> None:
        """Take a part of the request target."""
        super().on_url(url)
        if len(self.url) > TARGET_LIMIT:
            raise UrlTooLong(limit=TARGET_LIMIT)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; those behind a chunked body (trailers) are dropped, being unchecked."""
        if not self._in_head:
            return
        self._head_bytes += len(name) + len(value) + 4
        if self._head_bytes > HEADER_LIMIT:
            raise HeadersTooLarge(limit=HEADER_LIMIT)
        if value != b"chunked" and name.lower() == b"transfer-encoding":
            raise MalformedRequest(reason="transfer-encoding")
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Hand a complete head to the application."""
        if self.parser.get_http_version() not in {"1.0", "1.1"}:
            raise VersionNotSupported
        if not self.url.startswith((b"/", b"http://", b"https://")):
            raise MalformedRequest(reason="request target")
        self._in_head = self._begun = False
        self._served = True
        self._stop_head_timer()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is complete; the next head may come."""
        self._in_head = True
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Go on with the next request, unless the body of this one was never read."""
        if self._in_head or self.pipeline or self.transport.is_closing():
            super().on_response_complete()
            return
        self.server_state.total_requests += 1
        self._linger()

    def pause_writing(self) -> None:
        """The client does not read: wait, but not for ever."""
        super().pause_writing()
        self._stall_timer = self.loop.call_later(self.stall_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """The client reads again."""
        super().resume_writing()
        if self._stall_timer is not None:
            self._stall_timer.cancel()

    def _expect_a_head(self) -> None:
        self._head_timer = self.loop.call_later(self.head_seconds, self._too_slow)

    def _stop_head_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _too_slow(self) -> None:
        self._head_timer = None
        if not self._begun and self._answered():
            self.transport.close()
        if self._begun and self._answered():
            self._send_problem(TooSlow())

    def _answered(self) -> bool:
        return not self._served or self.cycle.response_complete

    def _refuse(self, error: httptools.HttpParserError) -> None:
        if not self._answered():
            # A refusal now would be read as the answer to the request before.
            self.transport.close()
            return
        known = error.__context__
        self._send_problem(
            known if isinstance(known, Problem) else MalformedRequest(reason=str(error))
        )

    def _send_problem(self, problem: Problem) -> None:
        headers = getattr(self, "headers", None) or []
        wanted = next((value for name, value in headers if name == b"accept-language"), b"")
        language = language_of(wanted.decode("latin-1"))
        document = render(problem, language=language, instance="", request_id=os.urandom(16).hex())
        self._write(problem, document)

    def _write(self, problem: Problem, document: dict[str, object]) -> None:
        body = json.dumps(document, ensure_ascii=False).encode()
        extra = "".join(
            f"{name.lower()}: {value}\r\n" for name, value in problem_headers(problem).items()
        )
        self.transport.write(
            STATUS_LINE[problem.status]
            + b"content-type: application/problem+json\r\nconnection: close\r\n"
            + b"content-length: %d\r\n" % len(body)
            + extra.encode()
            + b"\r\n"
            + body
        )
        self._linger()

    def _last_request(self) -> None:
        """The client asks for another protocol: its request is served, the connection not kept."""
        if self._served:
            self.cycle.keep_alive = False
        self._lingering = True

    def _linger(self) -> None:
        """End our side, and swallow what the client still sends, so that it can read the answer."""
        self._lingering = True
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.flow.resume_reading()
        self.loop.call_later(self.linger_seconds, self.transport.close)

    def _swallow(self, size: int) -> None:
        self._swallowed += size
        if self._swallowed > LINGER_BYTES:
            self.transport.abort()
