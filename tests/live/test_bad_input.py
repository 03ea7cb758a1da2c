"""No request, however odd, makes the platform fail: it is answered, or refused with a reason."""

from collections.abc import Iterator

import httpx
import pytest
import schemathesis
from requests import Session
from schemathesis import BaseSchema
from schemathesis.core.result import Ok

from cli.places import SERVICES
from tests.live import doors
from tests.live.bad_input import Door, faults
from tests.live.doors import second_gateway
from tests.live.known import Json, known
from tests.live.machine import Machine, wait_until

CHECKER = "kemensos-checker"
FEWEST_OPERATIONS = 20
SETTLED_SECONDS = 60.0
pytestmark = [pytest.mark.live, pytest.mark.usefixtures("told")]


@pytest.fixture(scope="module")
def document(platform: Machine) -> Json:
    """Give the OpenAPI document that the gateway shows to everybody."""
    return httpx.get(f"{platform.gateway}/openapi.json").json()


@pytest.fixture(scope="module")
def door(platform: Machine, document: Json) -> Iterator[Door]:
    """Give the platform to clients who may do everything."""
    scheme = document["components"]["securitySchemes"]["oauth2"]
    scopes = list(scheme["flows"]["clientCredentials"]["scopes"])
    with second_gateway(platform, scopes) as callers, Session() as session:
        ministry, *_ = callers
        yield Door(
            url=str(ministry.base_url),
            session=session,
            callers=tuple({"Authorization": each.headers["Authorization"]} for each in callers),
            known=known(document, ministry),
        )


@pytest.fixture(scope="module")
def schema(document: Json) -> BaseSchema:
    """Give the document's operations, as what makes requests of them reads it."""
    return schemathesis.openapi.from_dict(document, config=schemathesis.Config(seed=12_422))


@pytest.mark.parametrize("service", SERVICES)
def test_no_request_makes_the_platform_fail(service: str, schema: BaseSchema, door: Door) -> None:
    results = list(schema.include(tag_regex=f"^{service}:").get_all_operations())
    operations = [result.ok() for result in results if isinstance(result, Ok)]

    assert [fault for operation in operations for fault in faults(operation, door)] == []
    assert len(operations) == len(results) > FEWEST_OPERATIONS


def test_what_was_accepted_troubles_no_consumer(platform: Machine) -> None:
    secret = platform.credentials[CHECKER]

    with doors.door(platform.gateway, CHECKER, secret) as checker:
        wait_until(
            lambda: troubled(checker) == [],
            seconds=SETTLED_SECONDS,
            what=lambda: str(troubled(checker)),
        )


def troubled(checker: httpx.Client) -> list[str]:
    """Name the services whose messages wait, and the consumers that parked or buried some."""
    states = [checker.get(f"/v1/operations/{service}/messaging").json() for service in SERVICES]
    waiting = [state["service"] for state in states if state["unpublished"]["events"]]
    consumers = [consumer for state in states for consumer in state["consumers"]]
    return waiting + [each["consumer"] for each in consumers if each["parked"] or each["dead"]]
