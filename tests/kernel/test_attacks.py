"""What a forger, a stranger with a guessed key, or a bug gets out of a service: nothing."""

import base64
import dataclasses
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
from structlog.testing import capture_logs

from kernel.idempotency import forget_answers
from kernel.problems import render
from kernel.telemetry import TRACEBACKS
from tests.kernel.conftest import WEAVER, Toy
from tests.kernel.toy import BasketNotFound

NIK = "3302054107900001"
BODY = {"label": "eceng", "pieces": 1}


async def test_a_key_is_the_callers_own_even_when_people_share_a_client(baskets: Toy) -> None:
    neighbour = dataclasses.replace(WEAVER, subject="neighbour")
    rival = dataclasses.replace(WEAVER, organisation="rattan")
    headers = {"Idempotency-Key": "monday"}

    answers = [
        await baskets.call("POST", "/v1/baskets", as_=each, headers=headers, json=BODY)
        for each in (WEAVER, neighbour, rival)
    ]

    assert [a.status_code for a in answers] == [201, 201, 201]
    assert len({a.json()["id"] for a in answers}) == 3
    assert not any("idempotency-replayed" in a.headers for a in answers)


async def test_an_answer_is_forgotten_when_nobody_asks_again(baskets: Toy) -> None:
    await baskets.weave(Idempotency_Key="old")

    await forget_answers(baskets.app.state.database)
    kept = await baskets.count("idempotency_key")
    await forget_answers(baskets.app.state.database, older_than=timedelta(0))

    assert (kept, await baskets.count("idempotency_key")) == (1, 0)


async def test_a_version_of_thousands_of_digits_is_malformed(baskets: Toy) -> None:
    path = (await baskets.weave()).headers["location"]

    answer = await baskets.call("PATCH", path, json=BODY, headers={"If-Match": f'"{"9" * 5000}"'})

    assert (answer.status_code, answer.json()["code"]) == (400, "KER-0018")


@pytest.mark.parametrize(
    "header",
    ["[]", "1", "{}", '{"alg":"none"}', '{"alg":"Ed25519","crit":1}', '{"alg":["Ed25519"]}'],
)
async def test_a_token_of_odd_json_is_no_identity(baskets: Toy, header: str) -> None:
    token = ".".join(_encoded(part) for part in (header.encode(), b"{}", b"x" * 64))

    answer = await baskets.http.get("/v1/baskets", headers={"Authorization": f"Bearer {token}"})

    assert (answer.status_code, answer.json()["code"]) == (401, "KER-0001")


async def test_a_bug_is_answered_counted_and_never_quoted(baskets: Toy) -> None:
    strict = httpx.AsyncClient(
        transport=httpx.ASGITransport(baskets.app), base_url=baskets.http.base_url
    )
    token = baskets.tokens.token(WEAVER, service="toy")

    with capture_logs() as logs:
        answer = await strict.get(
            f"/v1/baskets/{uuid4()}/broken", headers={"Authorization": f"Bearer {token}"}
        )

    assert (answer.status_code, answer.json()["code"]) == (500, "KER-0016")
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    assert [log["event"] for log in logs] == ["bug", "http.answered"]
    assert NIK not in f"{logs}{answer.text}"


def test_a_number_of_a_person_is_masked_wherever_a_problem_quotes_it() -> None:
    problem = BasketNotFound(basket_id=NIK)

    document = render(problem, language="en", instance=f"/v1/baskets/{NIK}", request_id="r")

    assert NIK not in str(document)
    assert document["detail"] == f"There is no basket {'*' * 16}."


def test_a_logged_traceback_shows_no_local_variable() -> None:
    try:
        _stumble(NIK)
    except RuntimeError as error:
        logged = TRACEBACKS(None, "error", {"exc_info": error})

    assert "_stumble" in str(logged)
    assert NIK not in str(logged)


def _stumble(nik: str) -> None:
    raise RuntimeError(len(nik))


def _encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()
