"""Requests that nobody would send on purpose, made from the OpenAPI document."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from uuid import uuid4

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import DrawFn, SearchStrategy
from requests import Session
from schemathesis import APIOperation, Case, GenerationMode, Response
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from tests.live.known import Json, Known, Substitution
from tests.live.spoiled import NASTY, Spoiling

Operation = APIOperation[Json, Json, Json, Json]
Request = Case[Json]

EXAMPLES = 15
TOO_MANY = 429
REFUSAL, FAULT, AWAY = 400, 500, 503
PATIENCE = 3
PROBLEM = {"type", "code", "title", "status", "detail", "instance", "request_id", "errors"}
CHECKS = [content_type_conformance, response_schema_conformance]
QUIETLY = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@dataclass(frozen=True)
class Door:
    """The gateway, the headers of everybody who may knock, and the ids of what is behind it."""

    url: str
    session: Session
    callers: tuple[Mapping[str, str], ...]
    known: Known


def cases(operation: Operation, known: Known) -> SearchStrategy[Request]:
    """Give requests of an operation: well-formed and not, to what exists and what does not."""
    made = st.one_of([operation.as_strategy(generation_mode=mode) for mode in GenerationMode])

    @st.composite
    def aimed(draw: DrawFn) -> Request:
        case, nth = draw(made), draw(st.integers(0, 10_000))
        case = aimed_at(Substitution(known, nth), case) if draw(st.booleans()) else case
        if isinstance(case.body, dict | list) and draw(st.booleans()):
            return like(case, body=Spoiling(draw(st.sampled_from(NASTY)), nth).of(case.body))
        return case

    return aimed()


def aimed_at(known: Substitution, case: Request) -> Request:
    """Return a request that names what exists, whatever its version, as a command of its own."""
    query = {name: value for name, value in case.query.items() if name != "cursor"}
    return like(
        case,
        path_parameters=known.of(case.path_parameters),
        query=known.of(query),
        headers=dict(case.headers) | {"Idempotency-Key": uuid4().hex, "If-Match": "*"},
        body=known.of(case.body),
    )


def like(case: Request, **other: Json) -> Request:
    """Return another request of the same operation, which is not held against its schema."""
    names = ("path_parameters", "headers", "cookies", "query", "body", "media_type")
    same = {name: getattr(case, name) for name in names}
    made: Request = case.operation.Case(**(same | other))
    return made


def faults(operation: Operation, door: Door) -> list[str]:
    """Return what the platform did wrong when it was asked this operation, again and again."""
    found: list[str] = []

    @QUIETLY
    @given(case=cases(operation, door.known), caller=st.sampled_from(door.callers))
    def knock(case: Request, caller: Mapping[str, str]) -> None:
        answer = answered(case, door, caller)
        found.extend(told(fault, case, answer) for fault in wrong_with(answer, case))

    with suppress(Unsatisfiable):  # an operation without parameters has no malformed ones
        knock()
    return found


def answered(case: Request, door: Door, caller: Mapping[str, str]) -> Response:
    """Ask; and again where the answer is to try again, as it is for the loser of a deadlock."""
    for _ in range(PATIENCE):
        answer = case.call(base_url=door.url, headers=dict(caller), session=door.session)
        if answer.status_code != AWAY or "retry-after" not in answer.headers:
            break
    return answer


def wrong_with(answer: Response, case: Request) -> list[str]:
    """Return what is wrong with one answer."""
    if answer.status_code >= FAULT or answer.status_code == TOO_MANY:
        return ["a fault"]
    try:
        case.validate_response(answer, checks=CHECKS)
    except FailureGroup as group:
        return [f"{failure.title}: {failure.message}" for failure in group.exceptions]
    if answer.status_code < REFUSAL or is_problem(answer) or is_receipt(answer, case):
        return []
    return ["no problem document"]


def is_problem(answer: Response) -> bool:
    """Say whether a refusal tells its code and what to do, as RFC 9457 has it."""
    kind = answer.headers.get("content-type", [])
    return kind == ["application/problem+json"] and answer.json().keys() >= PROBLEM


def is_receipt(answer: Response, case: Request) -> bool:
    """Say whether a refusal at an address of the DCI standard has the standard's own form."""
    if not case.operation.path.startswith("/registry/"):
        return False
    receipt = answer.json().get("message", {})
    return bool(
        receipt.get("ack_status") == "ERR" and receipt["error"].keys() == {"code", "message"}
    )


def told(fault: str, case: Request, answer: Response) -> str:
    """Return a line that is enough to send the request again."""
    curl = case.as_curl_command(headers=dict(answer.request.headers))
    return f"{fault}: {answer.status_code} {answer.text[:500]}\n    {curl}"
