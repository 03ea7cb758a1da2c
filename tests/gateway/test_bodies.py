"""Bodies: passed on as they come, in both directions, up to their limit."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.gateway.world import (
    Door,
    Mirror,
    answer,
    gateway,
    raw_server,
    request_head,
    seen,
    served,
)

MEBIBYTE = 1 << 20


async def test_a_body_arrives_with_a_length_of_its_own(door: Door) -> None:
    response = await door.call("POST", "/v1/orders", content=b"x" * 5000)

    assert response.json()["size"] == 5000
    assert seen(response)["content-length"] == "5000"
    assert "transfer-encoding" not in seen(response)


async def pieces(count: int, size: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        await asyncio.sleep(0)
        yield b"x" * size


async def test_a_chunked_body_arrives_whole(door: Door) -> None:
    response = await door.call("POST", "/v1/orders", content=pieces(50, 10_000))

    assert response.json()["size"] == 500_000


async def test_an_empty_post_says_so(door: Door) -> None:
    response = await door.call("POST", "/v1/orders/1/ship")

    assert seen(response)["content-length"] == "0"


async def test_a_compressed_body_is_passed_as_it_is(door: Door) -> None:
    response = await door.call(
        "POST", "/v1/orders", content=b"\x1f\x8b\x00", headers={"content-encoding": "gzip"}
    )

    assert seen(response)["content-encoding"] == "gzip"
    assert response.json()["size"] == 3


async def test_a_body_that_announces_too_much_is_refused(door: Door) -> None:
    response = await door.call("POST", "/v1/orders", content=b"x" * (MEBIBYTE + 1))

    assert response.status_code == 413
    assert response.json()["limit"] == MEBIBYTE


async def test_a_body_that_grows_too_long_is_refused_while_it_streams(
    door: Door, mirror: Mirror
) -> None:
    response = await door.call("POST", "/v1/orders", content=pieces(40, 50_000))

    assert response.status_code == 413
    assert response.json()["code"] == "GTW-0009"


@pytest.mark.parametrize("path", ["/v1/household-imports", "/v1/dtsen-deliveries/1/file"])
async def test_a_file_may_be_larger(door: Door, path: str) -> None:
    response = await door.call("POST", path, content=pieces(40, 50_000))

    assert response.status_code == 200
    assert response.json()["size"] == 2_000_000


async def test_a_file_may_be_read_for_longer_than_others_are_waited_for(tmp_path: Path) -> None:
    others_gave_up = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_head(reader)
        await others_gave_up.wait()
        writer.write(answer(b"read"))
        await writer.drain()

    async with (
        raw_server(talk) as url,
        gateway(tmp_path, upstream=url, answer_timeout=0.2) as door,
    ):
        reading = asyncio.create_task(door.call("POST", "/v1/household-imports"))
        other = await door.call("GET", "/v1/orders")
        others_gave_up.set()
        file = await reading

    assert (other.status_code, file.content) == (504, b"read")


async def test_an_answer_streams_while_it_is_made(tmp_path: Path) -> None:
    go_on = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_head(reader)
        writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nfirst\r\n")
        await go_on.wait()
        writer.write(b"4\r\nlast\r\n0\r\n\r\n")
        await writer.drain()

    async with raw_server(talk) as url, gateway(tmp_path, upstream=url) as door:
        headers = {"authorization": f"Bearer {await door.token()}"}
        async with door.http.stream("GET", "/v1/orders", headers=headers) as response:
            body = response.aiter_raw()
            first = await anext(body)
            go_on.set()
            rest = b"".join([piece async for piece in body])

    assert (first, rest) == (b"first", b"last")


async def test_a_request_streams_while_it_is_made(tmp_path: Path) -> None:
    arrived = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_head(reader)
        await reader.readuntil(b"first")
        arrived.set()
        await reader.readuntil(b"0\r\n\r\n")
        writer.write(answer(b"done"))
        await writer.drain()

    async def body() -> AsyncIterator[bytes]:
        yield b"first"
        await arrived.wait()
        yield b"last"

    async with raw_server(talk) as url, gateway(tmp_path, upstream=url) as door:
        response = await door.call("POST", "/v1/orders", content=body())

    assert response.content == b"done"


async def test_a_service_may_answer_before_it_has_read_everything(tmp_path: Path) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_head(reader)
        writer.write(answer(b"no", status="422 No", headers=b"connection: close\r\n"))
        await writer.drain()

    async with raw_server(talk) as url, gateway(tmp_path, upstream=url) as door:
        response = await door.call("POST", "/v1/orders", content=pieces(9, 100_000))

    assert response.status_code == 422


async def test_a_service_that_stops_reading_is_given_up(tmp_path: Path) -> None:
    done = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_head(reader)
        await done.wait()

    async with (
        raw_server(talk) as url,
        gateway(tmp_path, upstream=url, idle_timeout=0.3) as door,
    ):
        response = await door.call("POST", "/v1/household-imports", content=pieces(300, 100_000))
        done.set()

    assert response.status_code == 504


async def test_a_client_that_stops_sending_is_told(tmp_path: Path) -> None:
    async with served(Mirror()) as url, gateway(tmp_path, upstream=url, idle_timeout=0.2) as door:
        raw = await door.raw(
            await door.head("POST", "/v1/orders", "content-length: 9") + b"\r\nabc"
        )

    assert raw.startswith(b"HTTP/1.1 408 ")
    assert b"GTW-0012" in raw


async def test_a_large_answer_does_not_pile_up(tmp_path: Path) -> None:
    size = 20 * MEBIBYTE

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_head(reader)
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % size)
        for _ in range(20):
            writer.write(b"x" * MEBIBYTE)
            await writer.drain()

    async with raw_server(talk) as url, gateway(tmp_path, upstream=url) as door:
        response = await door.call("GET", "/v1/orders")

    assert len(response.content) == size


@pytest.mark.parametrize("path", ["/v1/orders", "/v1/labels/1"])
async def test_head_is_answered_without_a_body(tmp_path: Path, path: str) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            asked = await request_head(reader)
            body = b"" if asked.startswith(b"HEAD") else b"hello"
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n" + body)

    async with raw_server(talk) as url, gateway(tmp_path, upstream=url) as door:
        raw = await door.raw(await door.head("HEAD", path, "connection: close") + b"\r\n")
        again = await door.call("HEAD", path)

    assert raw.endswith(b"\r\n\r\n")
    assert b"content-length: 5\r\n" in raw
    assert again.status_code == 200


@pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified"])
async def test_an_answer_without_body_has_none(tmp_path: Path, status: str) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            await request_head(reader)
            length = b"" if status.startswith("204") else b"content-length: 5\r\n"
            writer.write(b'HTTP/1.1 %b\r\netag: "7"\r\n%b\r\n' % (status.encode(), length))

    async with raw_server(talk) as url, gateway(tmp_path, upstream=url) as door:
        raw = await door.raw(await door.head("GET", "/v1/orders", "connection: close") + b"\r\n")
        again = await door.call("GET", "/v1/orders")

    assert raw.endswith(b"\r\n\r\n")
    assert again.headers["etag"] == '"7"'


async def test_every_cookie_is_kept_and_nothing_of_the_connection(door: Door) -> None:
    response = await door.call("GET", "/v1/orders")

    assert response.headers.get_list("set-cookie") == ["a=1", "b=2"]
    assert "x-hidden" not in response.headers
    assert "server" not in response.headers
    assert len(response.headers.get_list("x-request-id")) == 1
    assert "connection" not in response.headers


async def test_an_interim_answer_is_not_the_answer(tmp_path: Path) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            await request_head(reader)
            writer.write(b"HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n" + answer(b"real"))

    async with raw_server(talk) as url, gateway(tmp_path, upstream=url) as door:
        response = await door.call("GET", "/v1/orders")

    assert response.content == b"real"
    assert "link" not in response.headers


async def test_an_answer_without_a_length_ends_with_the_connection(tmp_path: Path) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_head(reader)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\nall of it")
        await writer.drain()

    async with raw_server(talk) as url, gateway(tmp_path, upstream=url) as door:
        response = await door.call("GET", "/v1/orders")

    assert response.content == b"all of it"


async def test_expect_is_answered_by_the_gateway(tmp_path: Path) -> None:
    async with served(Mirror()) as url, gateway(tmp_path, upstream=url) as door:
        lines = ["expect: 100-continue", "content-length: 2", "connection: close"]
        reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
        writer.write(await door.head("POST", "/v1/orders", *lines) + b"\r\n")
        interim = await request_head(reader)
        writer.write(b"ok")
        final = await reader.read()
        writer.close()

    assert interim.startswith(b"HTTP/1.1 100 ")
    assert b'"size": 2' in final
    assert b"expect" not in final
