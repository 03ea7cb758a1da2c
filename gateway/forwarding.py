"""One request on its way: body to the service, answer to the client, both as they come."""

import asyncio

from starlette.types import Message, Receive, Send

from gateway.admission import Passage
from gateway.connection import Connection
from gateway.headers import leaving
from gateway.problems import AnswerLate, AnswerLost, BadAnswer, BodyTooLarge, TooSlow
from gateway.reply import ConnectionLost, Late, Reply, ReplyFailed, Unreadable
from gateway.settings import Settings
from gateway.upstream import Upstream
from kernel.problems import Problem

BODILESS = frozenset({"GET", "HEAD", "DELETE", "OPTIONS"})
WATCH_AFTER = 0.02
"""Seconds after which a wait is long enough to watch the client as well."""


class ClientGone(ReplyFailed):
    """The client closed its connection; nobody waits for the answer."""


class RequestRefused(ReplyFailed):
    """The request's body broke a rule while it was sent."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


class Forwarding:
    """Carries one request to its service and the answer back."""

    def __init__(
        self,
        passage: Passage,
        upstream: Upstream,
        *,
        receive: Receive,
        send: Send,
        settings: Settings,
    ) -> None:
        self.status = 0
        self._sent = True
        self._whole = True
        self._passage = passage
        self._upstream = upstream
        self._receive = receive
        self._send = send
        self._settings = settings
        self._as_get = passage.method == "HEAD" and passage.route.method == "GET"
        self._tasks: list[asyncio.Task[None]] = []
        self._timers: list[asyncio.TimerHandle] = []

    async def run(self, own_headers: list[tuple[bytes, bytes]]) -> None:
        """Send the request; pass the answer on.

        Raises:
            Problem: there is no answer to pass on; nothing was sent to the client yet.
        """
        first = await self._first_of_body()
        if first is not None and first["type"] == "http.disconnect":
            return
        self._upstream.retries.earn()
        try:
            await self._attempt(first, own_headers, fresh=False)
        except _AskAgain:
            await self._attempt(first, own_headers, fresh=True)

    async def _first_of_body(self) -> Message | None:
        if not self._passage.has_body:
            return None
        first = await self._message()
        self._check_size(len(first.get("body", b"")))
        return first

    async def _attempt(
        self, first: Message | None, own_headers: list[tuple[bytes, bytes]], *, fresh: bool
    ) -> None:
        upstream = self._upstream
        connection = await upstream.acquire(fresh=fresh, careful=not self._passage.safe)
        reply: Reply | None = None
        try:
            reply = connection.begin(
                self._opening(first), bodiless=self._written_method() == "HEAD"
            )
            self._follow(connection, reply, first)
            await reply.head
            upstream.breaker.succeeded()
            await self._relay(reply, own_headers)
        except ReplyFailed as failure:
            self._explain(failure, connection, reply, fresh=fresh)
        finally:
            self._stop(connection)
            upstream.release(connection)

    def _written_method(self) -> str:
        return "GET" if self._as_get else self._passage.method

    def _opening(self, first: Message | None) -> bytes:
        passage = self._passage
        parts = [
            self._written_method().encode(),
            b" ",
            passage.target,
            b" HTTP/1.1\r\nhost: ",
            self._upstream.authority,
        ]
        for name, value in passage.headers:
            parts += (b"\r\n", name, b": ", value)
        whole = first is not None and not first.get("more_body", False)
        body: bytes = first["body"] if first is not None and whole else b""
        parts += (self._framing(whole=whole or first is None, body=body), b"\r\n\r\n", body)
        return b"".join(parts)

    def _framing(self, *, whole: bool, body: bytes) -> bytes:
        if whole and not body and self._passage.method in BODILESS:
            return b""
        if whole:
            return b"\r\ncontent-length: %d" % len(body)
        if self._passage.length is not None:
            return b"\r\ncontent-length: %d" % self._passage.length
        return b"\r\ntransfer-encoding: chunked"

    def _follow(self, connection: Connection, reply: Reply, first: Message | None) -> None:
        """Send what is left of the body; then watch for a client that leaves, and for the time."""
        loop = asyncio.get_running_loop()
        if first is not None and first.get("more_body", False):
            self._sent = self._whole = False
            self._tasks.append(loop.create_task(self._pump(connection, reply, first)))
            return
        self._timers.append(loop.call_later(WATCH_AFTER, self._watch_on, reply))

    def _watch_on(self, reply: Reply) -> None:
        loop = asyncio.get_running_loop()
        self._timers.append(loop.call_later(self._answer_timeout(), _expire, reply))
        self._tasks.append(loop.create_task(self._watch(reply)))

    def _answer_timeout(self) -> float:
        if self._passage.route.moves_files:
            return self._settings.import_answer_timeout
        return self._settings.answer_timeout

    async def _watch(self, reply: Reply) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            continue
        reply.fail(ClientGone())

    async def _pump(self, connection: Connection, reply: Reply, first: Message) -> None:
        try:
            await self._pump_all(connection, first)
        except Problem as problem:
            reply.fail(RequestRefused(problem))
        except ReplyFailed as failure:
            reply.fail(failure)
        else:
            self._sent = True
            self._watch_on(reply)

    async def _pump_all(self, connection: Connection, first: Message) -> None:
        chunked, sent, message = self._passage.length is None, 0, first
        while True:
            if message["type"] == "http.disconnect":
                raise ClientGone
            piece = message["body"]
            sent += len(piece)
            self._check_size(sent)
            if piece:
                framed = b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece
                await self._write(connection, framed)
            if not message.get("more_body", False):
                break
            message = await self._message()
        if chunked:
            await self._write(connection, b"0\r\n\r\n")

    async def _write(self, connection: Connection, data: bytes) -> None:
        try:
            async with asyncio.timeout(self._settings.idle_timeout):
                await connection.write(data)
        except TimeoutError as error:
            raise Late from error

    async def _message(self) -> Message:
        try:
            async with asyncio.timeout(self._settings.idle_timeout):
                return await self._receive()
        except TimeoutError as error:
            raise TooSlow from error

    def _check_size(self, size: int) -> None:
        if size > self._passage.limit:
            raise BodyTooLarge(limit=self._passage.limit)

    async def _relay(self, reply: Reply, own_headers: list[tuple[bytes, bytes]]) -> None:
        headers = leaving(reply.headers, bodiless=reply.status in {204, 304})
        self.status = reply.status
        await self._send(
            {
                "type": "http.response.start",
                "status": reply.status,
                "headers": headers + own_headers,
            }
        )
        if self._passage.method == "HEAD":
            await self._send({"type": "http.response.body", "body": b""})
            return
        while True:
            piece = await self._piece(reply)
            await self._send(
                {"type": "http.response.body", "body": piece, "more_body": not reply.finished}
            )
            if reply.finished:
                return

    async def _piece(self, reply: Reply) -> bytes:
        if reply.ready:
            return await reply.read()
        try:
            async with asyncio.timeout(self._settings.idle_timeout):
                return await reply.read()
        except TimeoutError as error:
            raise Late from error

    def _explain(
        self, failure: ReplyFailed, connection: Connection, reply: Reply | None, *, fresh: bool
    ) -> None:
        if self.status or isinstance(failure, ClientGone):
            return  # The head is out, or nobody listens: the connection breaks off, which tells.
        if isinstance(failure, RequestRefused):
            raise failure.problem from failure
        upstream = self._upstream
        if (
            isinstance(failure, ConnectionLost)
            and connection.reused
            and not fresh
            and self._may_repeat(reply)
        ):
            raise _AskAgain from failure
        upstream.breaker.failed()
        raise _problem_of(failure, upstream, safe=self._passage.safe) from failure

    def _may_repeat(self, reply: Reply | None) -> bool:
        unheard = reply is not None and not reply.touched and self._whole
        return unheard and self._passage.repeatable and self._upstream.retries.spend()

    def _stop(self, connection: Connection) -> None:
        for timer in self._timers:
            timer.cancel()
        for task in self._tasks:
            task.cancel()
        self._timers.clear()
        self._tasks.clear()
        if not self._sent:
            connection.abort()


class _AskAgain(Exception):
    """The kept connection was closed before anything came back, and asking twice is harmless."""


def _expire(reply: Reply) -> None:
    if not reply.head.done():
        reply.fail(Late())


def _problem_of(failure: ReplyFailed, upstream: Upstream, *, safe: bool) -> Problem:
    if isinstance(failure, Late):
        return AnswerLate(service=upstream.name)
    if isinstance(failure, Unreadable):
        return BadAnswer(service=upstream.name)
    return upstream.unavailable() if safe else AnswerLost(service=upstream.name)
