"""Paths: one spelling, the same for routing and forwarding, or a refusal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.paths import normalise
from gateway.problems import DirtyPath
from tests.gateway.world import Door


@pytest.mark.parametrize(
    "path",
    [
        b"//v1/orders",
        b"/v1//orders",
        b"/v1/orders/",
        b"/v1/./orders",
        b"/v1/x/../orders",
        b"/v1/x/%2e%2e/orders",
        b"/v1/x/%2E./orders",
        b"/v1/x/.%2e/orders",
        b"/v1/%2e/orders",
        b"/v1%2forders",
        b"/v1/orders%2Fmine",
        b"/v1/orders%5cmine",
        b"/v1/orders\\mine",
        b"/v1/orders;a=b",
        b"/v1/orders%3Ba=b",
        b"/v1/x/..;/orders",
        b"/v1/orders%00",
        b"/v1/orders%0a",
        b"/v1/orders%252e",
        b"/v1/orders%",
        b"/v1/orders%zz",
        b"/v1/ord\xc3\xa9rs",
        b"/v1/orders|x",
        b"/v1/orders^",
        b"/v1/{x}",
        b"v1/orders",
        b"",
    ],
)
def test_a_path_with_two_readings_is_refused(path: bytes) -> None:
    with pytest.raises(DirtyPath):
        normalise(path)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (b"/v1/%6frders", b"/v1/orders"),
        (b"/%76%31/orders", b"/v1/orders"),
        (b"/v1/a%20b", b"/v1/a%20b"),
        (b"/v1/%c3%a9", b"/v1/%C3%A9"),
        (b"/v1/a%2eb", b"/v1/a.b"),
        (b"/v1/...", b"/v1/..."),
        (b"/v1/a:b@c,d=e!$&'()*+~", b"/v1/a:b@c,d=e!$&'()*+~"),
        (b"/", b"/"),
    ],
)
def test_needless_escapes_are_undone(written: bytes, read: bytes) -> None:
    assert normalise(written) == read


@given(st.binary(max_size=40).map(lambda tail: b"/v1/" + tail))
def test_a_normal_path_is_its_own_normal_form(path: bytes) -> None:
    try:
        once = normalise(path)
    except DirtyPath:
        return

    assert normalise(once) == once
    assert not {b"", b".", b".."} & set(once.split(b"/")[1:])


async def test_the_service_gets_the_path_that_was_routed(door: Door) -> None:
    answer = await door.raw(
        await door.head("GET", "/v1/%6frders/%61%20b?q=%2e%2e%2f&x=;", "connection: close")
        + b"\r\n"
    )

    assert b'"path": "/v1/orders/a%20b"' in answer
    assert b'"query": "q=%2e%2e%2f&x=;"' in answer


@pytest.mark.parametrize(
    "path", ["/v1/x/..%2forders", "//v1/orders", "/v1/orders/../orders", "/v1/orders;x", "/v1/a\\b"]
)
async def test_the_door_refuses_what_the_rule_refuses(door: Door, path: str) -> None:
    answer = await door.raw(await door.head("GET", path, "connection: close") + b"\r\n")

    assert answer.startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize(
    "path", ["/v2/orders", "/v1", "/internal", "/metrics/../v1/orders", "/health/ready/x"]
)
async def test_what_is_not_listed_is_not_there(door: Door, path: str) -> None:
    answer = await door.raw(await door.head("GET", path, "connection: close") + b"\r\n")

    assert answer.startswith(b"HTTP/1.1 404 ")
    assert b"application/problem+json" in answer
