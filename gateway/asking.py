"""A question of the gateway itself to a service: one GET, one answer."""

import asyncio
from dataclasses import dataclass

from gateway.connection import Connection
from gateway.reply import ReplyFailed
from gateway.upstream import Upstream

ANSWER_LIMIT = 1 << 20


@dataclass(frozen=True)
class Answer:
    """Status and body of a service's answer."""

    status: int
    body: bytes


async def ask(
    upstream: Upstream, path: str, *, within: float, authorization: bytes | None = None
) -> Answer:
    """Return the service's answer to a GET of `path`.

    Raises:
        ServiceUnavailable: the service does not accept connections.
        TimeoutError: no complete answer `within` that many seconds.
        OSError: the connection broke, or the answer is too long.
    """
    async with asyncio.timeout(within):
        connection = await upstream.acquire(careful=True)
        try:
            return await _exchange(connection, _get(upstream, path, authorization))
        except ReplyFailed as failure:
            raise OSError(f"no answer from {upstream.name}") from failure
        finally:
            upstream.release(connection)


def _get(upstream: Upstream, path: str, authorization: bytes | None) -> bytes:
    identity = b"authorization: " + authorization + b"\r\n" if authorization else b""
    return b"GET %b HTTP/1.1\r\nhost: %b\r\naccept: application/json\r\n%b\r\n" % (
        path.encode("ascii"),
        upstream.authority,
        identity,
    )


async def _exchange(connection: Connection, request: bytes) -> Answer:
    reply = connection.begin(request, bodiless=False)
    await reply.head
    body = await reply.read()
    while not reply.finished:
        body += await reply.read()
        if len(body) > ANSWER_LIMIT:
            raise OSError("the answer is too long")
    return Answer(reply.status, body + await reply.read())
