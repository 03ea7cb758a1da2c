"""Where a DCI exchange meets HTTP: whatever goes wrong is answered in the standard's own form."""

from collections.abc import Callable, Coroutine
from types import MappingProxyType

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import JsonValue
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from kernel import clock
from kernel.faults import is_passing
from kernel.openapi import IDEMPOTENT_BY
from kernel.problems import Problem, Text, language_of
from kernel.web import Route
from services.registry.dci.envelope import OBJECT, Object, Refused, refusal
from services.registry.dci.header import Action, Part
from services.registry.dci.messages import AckAnswer, ErrorCode

BUSY = Text(
    id="Layanan sedang sibuk; ulangi dengan 'message_id' yang sama.",
    en="The service is busy; send it again with the same 'message_id'.",
)
OUT_OF_RANGE = Text(
    id="Ada nilai yang terlalu besar atau memuat karakter terlarang.",
    en="A value is too large or holds a character that is not allowed.",
)
CODE_OF = MappingProxyType(
    {
        401: ErrorCode.UNAUTHORIZED,
        403: ErrorCode.FORBIDDEN,
        404: ErrorCode.NOT_FOUND,
        408: ErrorCode.TIMEOUT,
        429: ErrorCode.TOO_MANY_REQUESTS,
        503: ErrorCode.SERVICE_UNAVAILABLE,
    }
)
REFUSALS = (400, 401, 403, 404, 413, 429, 503)
PROBLEM = "application/problem+json"
IDEMPOTENCY_KEY = b"idempotency-key"
ACTION = "x-dci-action"
FAULTS = (Refused, Problem, RequestValidationError, DBAPIError, PoolTimeout, OSError)

Handler = Callable[[Request], Coroutine[None, None, Response]]


class Exchange(Route):
    """An endpoint of the standard: one transaction, undone when the message is refused.

    An Idempotency-Key is not heard: the `message_id` is what makes a message one, and an answer
    that names people is not kept to be sent again.
    """

    def get_route_handler(self) -> Handler:
        """Wrap the kernel's handler."""
        handle: Handler = super().get_route_handler()
        action = Action((self.openapi_extra or {})[ACTION])

        async def in_the_standards_form(request: Request) -> Response:
            request.scope["headers"] = [
                header for header in request.scope["headers"] if header[0] != IDEMPOTENCY_KEY
            ]
            try:
                return await handle(request)
            except FAULTS as error:  # after the rollback: nothing of the message was done
                return _refusal(request, _understood(error), action=action)

        return in_the_standards_form


def exchanges(*, tag: str) -> APIRouter:
    """Return a router for addresses of the standard, which have no /v1."""
    return APIRouter(tags=[tag], route_class=Exchange)


def answers(answer: type[Part]) -> dict[int | str, dict[str, object]]:
    """Return OpenAPI's description of the answers: what was asked for, or why not.

    Where the gateway may refuse a message itself, it does so by a problem document.
    """
    problem = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    refused: dict[int | str, dict[str, object]] = {
        status: {"model": AckAnswer, "content": problem} for status in REFUSALS
    }
    return {200: {"model": answer}, **refused}


def body_of(message: type[Part], header: type[Part], *, action: Action) -> dict[str, JsonValue]:
    """Return OpenAPI's description of a request that the endpoint reads by itself."""
    schema: Object = {
        "type": "object",
        "title": f"DCI {action.value}",
        "required": ["header", "message"],
        "properties": {
            "signature": {"type": "string"},
            "header": inlined(header),
            "message": inlined(message),
        },
    }
    content: Object = {"application/json": {"schema": schema}}
    return {
        "requestBody": {"required": True, "content": content},
        ACTION: action.value,
        IDEMPOTENT_BY: "header.message_id",
    }


def inlined(model: type[Part]) -> JsonValue:
    """Return a model's JSON Schema with every definition where it is used."""
    schema = OBJECT.validate_python(model.model_json_schema())
    definitions = OBJECT.validate_python(schema.pop("$defs", {}))
    return _inlined(schema, definitions)


def _inlined(node: JsonValue, definitions: Object) -> JsonValue:
    if isinstance(node, list):
        return [_inlined(each, definitions) for each in node]
    if not isinstance(node, dict):
        return node
    if isinstance(reference := node.get("$ref"), str):
        return _inlined(definitions[reference.rpartition("/")[2]], definitions)
    return {name: _inlined(each, definitions) for name, each in node.items()}


def _understood(error: Exception) -> Refused:
    if isinstance(error, Refused):
        return error
    if isinstance(error, Problem):
        told = Text(
            id=error.detail.to("id", error.details), en=error.detail.to("en", error.details)
        )
        return Refused(CODE_OF.get(int(error.status), ErrorCode.BAD), _as_it_is(told))
    if is_passing(error):
        return Refused(ErrorCode.SERVICE_UNAVAILABLE, BUSY)
    if isinstance(error, DBAPIError) and _is_ours(error):
        raise error
    return Refused(ErrorCode.BAD, OUT_OF_RANGE)


def _as_it_is(text: Text) -> Text:
    return Text(
        id=text.id.replace("{", "{{").replace("}", "}}"),
        en=text.en.replace("{", "{{").replace("}", "}}"),
    )


def _is_ours(error: DBAPIError) -> bool:
    """Tell whether the statement was wrong (SQLSTATE class 42), not a value in it."""
    return str(getattr(error.orig, "sqlstate", "")).startswith("42")


def _refusal(request: Request, refused: Refused, *, action: Action) -> Response:
    language = language_of(request.headers.get("accept-language"))
    return refusal(
        refused,
        request.app.state.dci,
        action=action.answer,
        language=language,
        at=clock.now(),
    )
