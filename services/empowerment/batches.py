"""Many items in one request: each with its own result, or all or nothing, as the caller chooses."""

from collections.abc import Sequence
from enum import StrEnum
from uuid import UUID

import orjson
from fastapi import Request
from pydantic import BaseModel, JsonValue, TypeAdapter

from kernel.problems import FieldError, Problem, Text, language_of, render

ITEM_REFUSED = Text(id="Butir ini ditolak.", en="This item was refused.")
DOCUMENT = TypeAdapter(dict[str, JsonValue])

Outcome = UUID | Problem
"""What became of one item: the id of its row, or what stands in its way."""


class OnError(StrEnum):
    """What happens to the other items when one is refused."""

    ROLLBACK = "rollback"
    PROCEED = "proceed"


class ItemResult(BaseModel):
    """The result of one item, by its place in the request."""

    index: int
    status: int
    id: UUID | None = None
    problem: dict[str, JsonValue] | None = None


class BatchOut(BaseModel):
    """The result of every item, in the order of the request."""

    results: list[ItemResult]


def answer(
    request: Request, outcomes: Sequence[Outcome], *, on_error: OnError, status: int, place: str
) -> BatchOut:
    """Tell each item's outcome; `place` is the name of the list in the request.

    Raises:
        Problem: the first one, where the caller wants all or nothing.
    """
    if on_error is OnError.ROLLBACK:
        _raise_the_first(outcomes, place)
    return BatchOut(
        results=[
            _result(request, index, outcome, status=status)
            for index, outcome in enumerate(outcomes)
        ]
    )


def _raise_the_first(outcomes: Sequence[Outcome], place: str) -> None:
    for index, outcome in enumerate(outcomes):
        if isinstance(outcome, Problem):
            outcome.errors = (FieldError(f"/{place}/{index}", outcome.code, ITEM_REFUSED),)
            raise outcome


def _result(request: Request, index: int, outcome: Outcome, *, status: int) -> ItemResult:
    if isinstance(outcome, Problem):
        document = render(
            outcome,
            language=language_of(request.headers.get("accept-language")),
            instance=request.url.path,
            request_id=getattr(request.state, "request_id", ""),
        )
        written = DOCUMENT.validate_json(orjson.dumps(document, default=str))
        return ItemResult(index=index, status=int(outcome.status), problem=written)
    return ItemResult(index=index, status=status, id=outcome)
