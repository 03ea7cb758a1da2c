"""Services that die, hang, lie, or close early; and clients that leave."""

import asyncio
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from gateway.breaker import FAILURES, Breaker, RetryBudget
from gateway.routes import Route, RouteTable
from tests.gateway.world import answer, gateway, raw_server, request_head, until, unused_url


async def test_a_service_that_is_down_is_a_problem_with_a_time_to_come_back(tmp_path: Path) -> None:
    async with gateway(tmp_path, upstream=unused_url()) as door:
        response = await door.call("GET", "/v1/orders")

    assert response.status_code == 503
    assert response.json()["code"] == "GTW-0013"
    assert int(response.headers["retry-after"]) >= 1
    assert response.headers["x-request-id"] == response.json()["request_id"]


async def test_after_five_failures_the_service_is_left_alone(tmp_path: Path) -> None:
    tried: list[int] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tried.append(1)
        await request_head(reader)

    async with raw_server(talk) as url, gateway(tmp_path, upstream=url) as door:
        answers = [(await door.call("GET", "/v1/orders")).status_code for _ in range(8)]

    assert answers == [503] * 8
    assert len(tried) == FAILURES


def test_a_breaker_lets_one_probe_through_after_its_pause() -> None:
    now = [0.0]
    breaker = Breaker(clock=lambda: now[0])
    for _ in range(FAILURES):
        breaker.failed()
    assert not breaker.admits()

    now[0] = 2.5
    probes = [breaker.admits(), breaker.admits()]
    breaker.succeeded()

    assert probes == [True, False]
    assert breaker.admits()


def test_retries_are_a_share_of_the_requests() -> None:
    budget = RetryBudget()
    first = [budget.spend() for _ in range(12)]

    for _ in range(10):
        budget.earn()
    later = [budget.spend() for _ in range(3)]

    assert first.count(True) == 10
    assert later == [True, True, False]


class ClosesTheSecond:
    """A service that answers once a connection, and closes it when it is asked again."""

    def __init__(self) -> None:
        self.asked: list[bytes] = []

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the first request; take the second and close."""
        self.asked.append((await request_head(reader)).split(b" ")[0])
        writer.write(answer())
        self.asked.append((await request_head(reader)).split(b" ")[0])


async def test_a_safe_request_on_a_stale_connection_is_asked_again(tmp_path: Path) -> None:
    service = ClosesTheSecond()
    async with raw_server(service) as url, gateway(tmp_path, upstream=url) as door:
        answers = [(await door.call("GET", "/v1/orders")).status_code for _ in range(2)]

    assert answers == [200, 200]
    assert service.asked == [b"GET", b"GET", b"GET"]


async def test_an_unsafe_request_is_never_sent_twice(tmp_path: Path) -> None:
    service = ClosesTheSecond()
    async with raw_server(service) as url, gateway(tmp_path, upstream=url) as door:
        await door.call("GET", "/v1/orders")
        response = await door.call("POST", "/v1/orders")

    assert response.status_code == 502
    assert response.json()["code"] == "GTW-0014"
    assert service.asked == [b"GET", b"POST"]


async def test_a_command_with_a_key_on_a_stale_connection_is_sent_again(tmp_path: Path) -> None:
    service = ClosesTheSecond()
    async with raw_server(service) as url, gateway(tmp_path, upstream=url) as door:
        await door.call("GET", "/v1/orders")
        response = await door.call("POST", "/v1/orders", headers={"idempotency-key": "a"})

    assert response.status_code == 200
    assert service.asked == [b"GET", b"POST", b"POST"]


async def test_a_command_whose_body_came_in_pieces_is_not_sent_again(tmp_path: Path) -> None:
    service, large = ClosesTheSecond(), b"a" * 500_000
    async with raw_server(service) as url, gateway(tmp_path, upstream=url) as door:
        await door.call("GET", "/v1/orders")
        response = await door.call(
            "POST", "/v1/orders", headers={"idempotency-key": "a"}, content=large
        )

    assert response.status_code == 502
    assert service.asked == [b"GET", b"POST"]


async def test_a_command_is_held_while_its_service_starts_again(tmp_path: Path) -> None:
    asked: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await request_head(reader))
        writer.write(answer())

    url = unused_url()
    async with gateway(tmp_path, upstream=url, restart_seconds=20.0) as door:
        await door.token()
        held = [asyncio.create_task(door.call("POST", "/v1/orders")) for _ in range(9)]
        _, waiting = await asyncio.wait(held, timeout=0.5)
        async with raw_server(talk, port=urlsplit(url).port or 0):
            answers = [(await task).status_code for task in held]

    assert len(waiting) == 9
    assert answers == [200] * 9
    assert len(asked) == 9


async def test_a_service_that_stays_away_is_refused_at_once(tmp_path: Path) -> None:
    async with gateway(tmp_path, upstream=unused_url(), restart_seconds=0.3) as door:
        first = await door.call("GET", "/v1/orders")
        second = await door.call("GET", "/v1/orders")

    assert [first.status_code, second.status_code] == [503, 503]
    assert first.elapsed.total_seconds() >= 0.3 > second.elapsed.total_seconds()


async def test_an_unsafe_request_avoids_a_connection_that_was_closed_meanwhile(
    tmp_path: Path,
) -> None:
    closed = asyncio.Event()
    asked: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await request_head(reader))
        writer.write(answer())
        await writer.drain()
        writer.close()
        closed.set()

    async with raw_server(talk) as url, gateway(tmp_path, upstream=url) as door:
        await door.call("GET", "/v1/orders")
        await closed.wait()
        response = await door.call("POST", "/v1/orders", headers={"idempotency-key": "a"})

    assert response.status_code == 200
    assert len(asked) == 2


async def test_a_fresh_connection_that_breaks_is_not_tried_again(tmp_path: Path) -> None:
    tried: list[int] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tried.append(1)
        await request_head(reader)

    async with raw_server(talk) as url, gateway(tmp_path, upstream=url) as door:
        response = await door.call("GET", "/v1/orders")

    assert response.status_code == 503
    assert len(tried) == 1


@pytest.mark.parametrize(
    "nonsense",
    [
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
        b"HTTP/1.1 200 OK\r\nx-note: " + b"a" * 70_000 + b"\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
    ],
)
async def test_an_answer_that_is_not_http_is_a_problem(tmp_path: Path, nonsense: bytes) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_head(reader)
        writer.write(nonsense)
        await writer.drain()
        await reader.read()

    async with raw_server(talk) as url, gateway(tmp_path, upstream=url) as door:
        response = await door.call("GET", "/v1/orders")

    assert response.status_code == 502
    assert response.json()["code"] == "GTW-0015"


async def test_bytes_after_an_answer_never_answer_the_next_caller(tmp_path: Path) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_head(reader)
        writer.write(answer(b"first") + answer(b"poison"))
        await writer.drain()
        await reader.read()

    async with raw_server(talk) as url, gateway(tmp_path, upstream=url) as door:
        bodies = [(await door.call("GET", "/v1/orders")).content for _ in range(3)]

    assert bodies == [b"first"] * 3


async def test_a_service_that_hangs_is_given_up(tmp_path: Path) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_head(reader)
        await reader.read()

    async with (
        raw_server(talk) as url,
        gateway(tmp_path, upstream=url, answer_timeout=0.1) as door,
    ):
        response = await door.call("GET", "/v1/orders")

    assert response.status_code == 504
    assert response.json()["code"] == "GTW-0016"


async def test_an_answer_that_breaks_off_is_seen_to_break_off(tmp_path: Path) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_head(reader)
        writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nfirst\r\n")
        await writer.drain()

    async with raw_server(talk) as url, gateway(tmp_path, upstream=url) as door:
        raw = await door.raw(await door.head() + b"\r\n")

    assert b"first" in raw
    assert not raw.endswith(b"0\r\n\r\n")


@pytest.mark.parametrize("begun", [False, True])
async def test_a_client_that_leaves_ends_the_work(tmp_path: Path, *, begun: bool) -> None:
    asked, dropped = asyncio.Event(), asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_head(reader)
        if begun:
            writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nfirst\r\n")
        asked.set()
        await reader.read()
        dropped.set()

    async with raw_server(talk) as url, gateway(tmp_path, upstream=url) as door:
        _, writer = await asyncio.open_connection("127.0.0.1", door.port)
        writer.write(await door.head() + b"\r\n")
        await asked.wait()
        writer.close()
        await until(dropped.is_set)


async def test_a_client_that_leaves_in_the_middle_of_its_body_ends_the_work(tmp_path: Path) -> None:
    asked, dropped = asyncio.Event(), asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_head(reader)
        asked.set()
        await reader.read()
        dropped.set()

    async with raw_server(talk) as url, gateway(tmp_path, upstream=url) as door:
        _, writer = await asyncio.open_connection("127.0.0.1", door.port)
        writer.write(await door.head("POST", "/v1/orders", "content-length: 9") + b"\r\nabc")
        await asked.wait()
        writer.close()
        await until(dropped.is_set)


async def test_a_fault_of_the_gateway_is_a_problem_too(tmp_path: Path) -> None:
    routes = RouteTable([Route("GET", "/v1/orders", "nowhere", None)])

    async with gateway(
        tmp_path, upstream=unused_url(), routes=routes, log_level="CRITICAL"
    ) as door:
        response = await door.call("GET", "/v1/orders")

    assert response.status_code == 500
    assert response.json()["code"] == "GTW-0018"


async def test_connections_are_kept_and_used_again(tmp_path: Path) -> None:
    opened: list[int] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        opened.append(1)
        while True:
            await request_head(reader)
            writer.write(answer())

    async with raw_server(talk) as url, gateway(tmp_path, upstream=url) as door:
        for _ in range(20):
            await door.call("GET", "/v1/orders")

    assert len(opened) == 1


async def test_too_many_requests_at_once_for_one_service_are_refused(tmp_path: Path) -> None:
    asked, go_on = asyncio.Event(), asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_head(reader)
        asked.set()
        await go_on.wait()
        writer.write(answer())

    async with (
        raw_server(talk) as url,
        gateway(tmp_path, upstream=url, upstream_connections=1) as door,
    ):
        first = asyncio.create_task(door.call("GET", "/v1/orders"))
        await asked.wait()
        second = await door.call("GET", "/v1/orders")
        go_on.set()
        answered = await first

    assert second.status_code == 503
    assert answered.status_code == 200
