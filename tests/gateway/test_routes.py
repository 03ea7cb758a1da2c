"""The table of routes: what is listed, and with which methods."""

import pytest

from gateway.problems import MethodNotAllowed, UnknownRoute
from gateway.routes import Route, RouteTable
from tests.gateway.world import ROUTES, Door


def test_a_fixed_segment_goes_before_a_parameter() -> None:
    assert ROUTES.match("GET", "/v1/orders/mine").service == "registry"
    assert ROUTES.match("GET", "/v1/orders/41").service == "export"


def test_a_parameter_is_tried_where_the_fixed_segment_leads_nowhere() -> None:
    table = RouteTable(
        [
            Route("GET", "/v1/orders/mine/lines", "export", None),
            Route("GET", "/v1/orders/{order_id}/ship", "export", None),
        ]
    )

    assert table.match("GET", "/v1/orders/mine/ship").path == "/v1/orders/{order_id}/ship"


@pytest.mark.parametrize(
    "path", ["/v1", "/v1/orders/1/2", "/v1/orders/1/ship/now", "/v1/nothing", "/"]
)
def test_an_unlisted_path_is_unknown(path: str) -> None:
    with pytest.raises(UnknownRoute):
        ROUTES.match("GET", path)


def test_an_unlisted_method_is_refused_by_name() -> None:
    with pytest.raises(MethodNotAllowed):
        ROUTES.match("PATCH", "/v1/orders")


async def test_the_refusal_names_the_methods(door: Door) -> None:
    answer = await door.call("PATCH", "/v1/orders/41")

    assert answer.status_code == 405
    assert answer.headers["allow"] == "DELETE, GET, HEAD"


async def test_an_unknown_route_is_a_problem_in_both_languages(door: Door) -> None:
    indonesian = await door.call("GET", "/v1/nothing")
    english = await door.call("GET", "/v1/nothing", headers={"accept-language": "en-GB"})

    assert indonesian.status_code == english.status_code == 404
    assert indonesian.json()["title"] == "Alamat tidak dikenal"
    assert english.json()["title"] == "No such route"
    assert english.json()["request_id"] == english.headers["x-request-id"]
    assert english.json()["type"] == "/problems/GTW-0003"
