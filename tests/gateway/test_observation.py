"""What is seen of a request: its id, its trace, its log line, its metrics - and nothing private."""

import json
import re

import pytest
import structlog
from structlog.testing import capture_logs

from gateway import observe
from gateway.observe import Record
from tests.gateway.world import Door, seen

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


async def test_a_sane_request_id_goes_through_and_comes_back(door: Door) -> None:
    response = await door.call("GET", "/v1/orders", headers={"x-request-id": "partner-2025-0001"})

    assert response.headers["x-request-id"] == "partner-2025-0001"
    assert seen(response)["x-request-id"] == "partner-2025-0001"


@pytest.mark.parametrize(
    "offered", ["short", "a" * 129, "has_line", "has space", "{jndi:x}", "a'b; drop 1"]
)
async def test_another_request_id_is_replaced(door: Door, offered: str) -> None:
    response = await door.call("GET", "/v1/orders", headers={"x-request-id": offered})

    assert re.fullmatch(r"[0-9a-f]{32}", response.headers["x-request-id"])


async def test_a_trace_is_continued(door: Door) -> None:
    headers = {"traceparent": TRACE, "tracestate": "vendor=1"}

    response = await door.call("GET", "/v1/orders", headers=headers)

    assert seen(response)["traceparent"] == TRACE
    assert seen(response)["tracestate"] == "vendor=1"


@pytest.mark.parametrize(
    "offered", ["", "nonsense", TRACE.replace("4", "X"), "00-" + "0" * 32 + TRACE[35:]]
)
async def test_a_trace_is_begun_where_there_is_none(door: Door, offered: str) -> None:
    headers = {"traceparent": offered, "tracestate": "vendor=1"}

    response = await door.call("GET", "/v1/orders", headers=headers)

    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", seen(response)["traceparent"])
    assert "tracestate" not in seen(response)


def test_the_log_line_has_the_route_and_nothing_of_the_url(monkeypatch: pytest.MonkeyPatch) -> None:
    structlog.reset_defaults()
    with capture_logs() as lines:
        monkeypatch.setattr(observe, "log", structlog.get_logger())
        Record(
            "GET", b"id-00001", route="/v1/orders/{order_id}", client_id="pnm", status=200
        ).close()

    assert set(lines[0]) == {
        "event",
        "log_level",
        "method",
        "route",
        "status",
        "ms",
        "client_id",
        "request_id",
    }
    assert "{order_id}" in json.dumps(lines[0])


async def test_metrics_count_by_route_template(door: Door) -> None:
    await door.call("GET", "/v1/orders/3302010101900001")

    metrics = (await door.http.get("/metrics")).text

    assert 'route="/v1/orders/{order_id}"' in metrics
    assert "3302010101900001" not in metrics
