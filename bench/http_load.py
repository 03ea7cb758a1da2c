"""A client that is not the bottleneck: a process of its own that sends requests made beforehand."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import NamedTuple

import httptools
import uvloop

HOST = "127.0.0.1"


class Outcome(NamedTuple):
    """How long all requests took together, and each; how often each status was answered."""

    seconds: float
    statuses: Counter[int]
    each: list[float]

    def percentile(self, hundredth: int) -> float:
        """Return the seconds within which so many of a hundred requests were answered."""
        return sorted(self.each)[min(len(self.each) * hundredth // 100, len(self.each) - 1)]


class Caller(asyncio.Protocol):
    """One connection: the next request leaves when the answer to the last is complete."""

    def __init__(
        self, requests: Iterator[bytes], statuses: Counter[int], each: list[float]
    ) -> None:
        self.requests, self.statuses, self.each = requests, statuses, each
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvloop has it
        """Begin."""
        self.transport = transport
        self.call()

    def call(self) -> None:
        """Send the next request, or hang up after the last."""
        request = next(self.requests, None)
        if request is None:
            self.transport.close()
            return
        self.parser = httptools.HttpResponseParser(self)
        self.began = time.perf_counter()
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Read on."""
        self.parser.feed_data(data)

    def on_message_complete(self) -> None:
        """Count the answer."""
        self.each.append(time.perf_counter() - self.began)
        self.statuses[self.parser.get_status_code()] += 1
        self.call()

    def connection_lost(self, error: Exception | None) -> None:
        """Tell that nothing more is sent."""
        if error is None:
            self.done.set_result(None)
        else:
            self.done.set_exception(error)


def post(path: str, body: bytes, *, headers: dict[str, str]) -> bytes:
    """Return a POST of JSON, ready to be sent."""
    lines = [f"POST {path} HTTP/1.1", f"Host: {HOST}", "Content-Type: application/json"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body


def get(path: str, *, headers: dict[str, str]) -> bytes:
    """Return a GET, ready to be sent."""
    lines = [f"GET {path} HTTP/1.1", f"Host: {HOST}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()


def load(port: int, requests: Sequence[bytes], *, connections: int) -> Outcome:
    """Send the requests over so many kept-alive connections, each as soon as one is free."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as other:
        return other.submit(_load, port, requests, connections).result()


def _load(port: int, requests: Sequence[bytes], connections: int) -> Outcome:
    return uvloop.run(_sent(port, iter(requests), connections=connections))


async def _sent(port: int, requests: Iterator[bytes], *, connections: int) -> Outcome:
    loop, statuses, each = asyncio.get_running_loop(), Counter[int](), list[float]()
    begin = time.perf_counter()
    callers = [
        (await loop.create_connection(lambda: Caller(requests, statuses, each), HOST, port))[1]
        for _ in range(connections)
    ]
    await asyncio.gather(*(caller.done for caller in callers))
    return Outcome(time.perf_counter() - begin, statuses, each)
