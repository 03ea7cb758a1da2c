"""What every operation's documentation says without being told: problems, keys, versions."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from kernel.idempotency import HEADER

PROBLEM = {
    "type": "object",
    "description": "RFC 9457 problem details; `detail` and `title` in the caller's language.",
    "required": ["type", "code", "title", "status", "detail", "instance", "request_id", "errors"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "code": {"type": "string", "examples": ["KER-0009"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "detail"],
                "properties": {key: {"type": "string"} for key in ("pointer", "code", "detail")},
            },
        },
    },
}
PROBLEM_RESPONSE = {
    "description": "A problem, with its code and what to do.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
IDEMPOTENCY_KEY = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": (
        "One unique value a command; the same command sent again is answered again, not done twice."
    ),
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
}
IDEMPOTENT_BY = "x-idempotent-by"
"""What makes a command one where an outside standard says so: the key is not heard then."""


def describe(app: FastAPI) -> None:
    """Make `app.openapi()` complete."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            made = get_openapi(title=app.title, version=app.version, routes=app.routes)
            app.openapi_schema = _completed(made)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]  # FastAPI's documented way to extend it


def _completed(document: dict[str, Any]) -> dict[str, Any]:
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = PROBLEM
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for method, operation in _operations(document):
        operation["responses"].pop("422", None)
        operation["responses"]["default"] = PROBLEM_RESPONSE
        if method == "post" and IDEMPOTENT_BY not in operation:
            _add_idempotency_key(operation)
    return document


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in document["paths"].values():
        yield from path.items()


def _add_idempotency_key(operation: dict[str, Any]) -> None:
    parameters = operation.setdefault("parameters", [])
    declared = [p for p in parameters if p["name"] == HEADER]
    for parameter in declared:
        parameter["required"] = True
        parameter["schema"] = IDEMPOTENCY_KEY["schema"]
    if not declared:
        parameters.append(IDEMPOTENCY_KEY)
