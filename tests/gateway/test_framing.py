"""Framing: one request is read in one way only, or refused; nothing is left on the connection."""

import pytest

from gateway.headers import body_length, singles
from gateway.problems import MalformedRequest
from gateway.protocol import FrontDoor
from tests.gateway.world import Door, Mirror, gateway, served

SMUGGLED = b"GET /v1/items/smuggled HTTP/1.1\r\nhost: anyam\r\n\r\n"

AMBIGUOUS = {
    "both lengths": (["content-length: 5", "transfer-encoding: chunked"], b"0\r\n\r\n"),
    "both lengths, turned": (["transfer-encoding: chunked", "content-length: 5"], b"0\r\n\r\n"),
    "two lengths": (["content-length: 3", "content-length: 0"], b"abc"),
    "two equal lengths": (["content-length: 3", "content-length: 3"], b"abc"),
    "a list of lengths": (["content-length: 3, 3"], b"abc"),
    "a signed length": (["content-length: +3"], b"abc"),
    "a negative length": (["content-length: -3"], b"abc"),
    "a hexadecimal length": (["content-length: 0x3"], b"abc"),
    "an empty length": (["content-length: "], b"abc"),
    "an unknown coding": (["transfer-encoding: xchunked"], b"0\r\n\r\n"),
    "a second coding": (["transfer-encoding: gzip, chunked"], b"0\r\n\r\n"),
    "chunked twice": (["transfer-encoding: chunked", "transfer-encoding: chunked"], b"0\r\n\r\n"),
    "identity": (["transfer-encoding: identity"], b""),
    "chunked not last": (["transfer-encoding: chunked, identity"], b"0\r\n\r\n"),
    "a space before the colon": (["transfer-encoding : chunked"], b"0\r\n\r\n"),
    "a folded header": (["x-note: a\r\n b"], b""),
    "a folded coding": (["transfer-encoding:\r\n chunked"], b"0\r\n\r\n"),
    "a bare line feed": (["x-note: a\nx-other: b"], b""),
    "a bare carriage return": (["x-note: a\rb"], b""),
    "a zero byte": (["x-note: a\x00b"], b""),
    "no name": ([": a"], b""),
    "two hosts": (["host: elsewhere"], b""),
    "two authorizations": (["authorization: Bearer x"], b""),
    "two idempotency keys": (["idempotency-key: a", "idempotency-key: b"], b""),
}


@pytest.mark.parametrize("case", AMBIGUOUS)
async def test_an_ambiguous_request_is_refused_and_ends_the_connection(
    door: Door, mirror: Mirror, case: str
) -> None:
    lines, body = AMBIGUOUS[case]
    before = list(mirror.asked)

    answer = await door.raw(
        await door.head("POST", "/v1/orders", *lines) + b"\r\n" + body + SMUGGLED, seconds=0.3
    )

    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"GTW-0001" in answer
    assert "POST /v1/orders" not in mirror.asked[len(before) :]
    if answer.count(b"HTTP/1.1 ") > 1:
        assert (
            "GET /v1/items/smuggled" in mirror.asked
        )  # It was framed clearly, so it is a request.


@pytest.mark.parametrize(
    "body",
    [
        b"3\nabc\n0\n\n",
        b"-1\r\n\r\n",
        b"0x3\r\nabc\r\n0\r\n\r\n",
        b"3\r\nabcXX0\r\n\r\n",
        b"fffffffffffffffff\r\na",
    ],
)
async def test_a_broken_chunk_never_completes_a_request(
    door: Door, mirror: Mirror, body: bytes
) -> None:
    before = len(mirror.asked)

    await door.raw(
        await door.head("POST", "/v1/orders", "transfer-encoding: chunked")
        + b"\r\n"
        + body
        + SMUGGLED,
        seconds=0.3,
    )

    assert "GET /v1/items/smuggled" not in mirror.asked[before:]


@pytest.mark.parametrize(
    "line",
    [
        "GET /v1/orders",
        "GET /v1/orders HTTP/2.0",
        "GET /v1/orders HTTP/1.9",
        "FOO /v1/orders HTTP/1.1",
        "GET * HTTP/1.1",
        "\x16\x03\x01",
    ],
)
async def test_what_is_not_http_1_1_is_refused_with_a_problem(door: Door, line: str) -> None:
    answer = await door.raw(f"{line}\r\nhost: anyam\r\n\r\n".encode(), seconds=1)

    assert answer.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 505 "))
    assert b"application/problem+json" in answer


async def test_http_1_0_is_not_spoken_on_the_data_path(door: Door) -> None:
    answer = await door.raw(b"GET /v1/orders HTTP/1.0\r\nhost: anyam\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 505 ")


async def test_a_request_names_its_host(door: Door) -> None:
    answer = await door.raw(b"GET /v1/orders HTTP/1.1\r\nconnection: close\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 400 ")


async def test_a_trailer_is_never_taken_for_a_header(door: Door) -> None:
    body = b"3\r\nabc\r\n0\r\nx-note: late\r\nauthorization: Bearer late\r\n\r\n"

    answer = await door.raw(
        await door.head("POST", "/v1/orders", "transfer-encoding: chunked", "connection: close")
        + b"\r\n"
        + body
    )

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"late" not in answer


async def test_two_requests_in_one_packet_are_answered_in_turn(door: Door) -> None:
    first = await door.head("POST", "/v1/orders", "content-length: 3") + b"\r\nabc"
    second = await door.head("GET", "/v1/orders/2", "connection: close") + b"\r\n"

    answer = await door.raw(first + second)

    assert answer.count(b"HTTP/1.1 200 ") == 2
    assert answer.index(b'"method": "POST"') < answer.index(b"/v1/orders/2")


async def test_an_upgrade_is_ignored_and_the_connection_not_kept(door: Door) -> None:
    lines = ["connection: upgrade", "upgrade: h2c", "content-length: 3"]

    answer = await door.raw(await door.head("POST", "/v1/orders", *lines) + b"\r\nabc" + SMUGGLED)

    assert answer.count(b"HTTP/1.1 ") == 1
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b'"upgrade"' not in answer


async def test_the_head_is_bounded(door: Door) -> None:
    long_url = await door.raw(await door.head("GET", "/v1/orders?q=" + "a" * 9000) + b"\r\n")
    long_head = await door.raw(
        await door.head("GET", "/v1/orders", "x-note: " + "a" * 17000) + b"\r\n"
    )

    assert long_url.startswith(b"HTTP/1.1 414 ")
    assert b"GTW-0010" in long_url
    assert long_head.startswith(b"HTTP/1.1 431 ")
    assert b"GTW-0011" in long_head


class Hasty(FrontDoor):
    """The same door with less patience."""

    head_seconds = 0.2


async def test_a_slow_head_is_not_waited_for(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("hasty")
    async with served(Mirror()) as url, gateway(folder, upstream=url, protocol=Hasty) as door:
        begun = await door.raw(b"GET /v1/orders HTTP/1.1\r\nhost: an", seconds=3)
        silent = await door.raw(b"", seconds=3)

    assert begun.startswith(b"HTTP/1.1 408 ")
    assert silent == b""


def test_lengths_are_read_strictly_even_without_the_parser() -> None:
    for length in (b"", b"+1", b"-1", b"1,1", b"1 ", b"\xb2", b"9" * 19):
        with pytest.raises(MalformedRequest):
            body_length({b"content-length": length})
    with pytest.raises(MalformedRequest):
        singles([(b"content-length", b"1"), (b"content-length", b"1")])
    with pytest.raises(MalformedRequest):
        body_length({b"content-length": b"1", b"transfer-encoding": b"chunked"})
