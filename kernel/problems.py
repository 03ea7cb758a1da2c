"""Errors a caller can do something about, as RFC 9457 problem documents in two languages."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType
from typing import Any, ClassVar, Literal

Language = Literal["id", "en"]
NIK = re.compile(r"(?<!\d)\d{16}(?!\d)")


@dataclass(frozen=True)
class Text:
    """One sentence in Indonesian and English; may hold `{placeholders}`."""

    id: str
    en: str

    def to(self, language: Language, details: dict[str, Any]) -> str:
        """Return the sentence in `language` with its placeholders filled."""
        return (self.en if language == "en" else self.id).format_map(details)


class Status(IntEnum):
    """The HTTP statuses that a problem may carry."""

    BAD_REQUEST = 400
    UNAUTHORIZED = 401
    FORBIDDEN = 403
    NOT_FOUND = 404
    METHOD_NOT_ALLOWED = 405
    REQUEST_TIMEOUT = 408
    CONFLICT = 409
    GONE = 410
    PRECONDITION_FAILED = 412
    TOO_LARGE = 413
    URI_TOO_LONG = 414
    UNSUPPORTED_MEDIA_TYPE = 415
    UNPROCESSABLE = 422
    PRECONDITION_REQUIRED = 428
    TOO_MANY_REQUESTS = 429
    HEADERS_TOO_LARGE = 431
    INTERNAL = 500
    BAD_GATEWAY = 502
    UNAVAILABLE = 503
    GATEWAY_TIMEOUT = 504
    VERSION_NOT_SUPPORTED = 505


@dataclass(frozen=True)
class FieldError:
    """One wrong place in the request: a JSON pointer, and what to do about it."""

    pointer: str
    code: str
    detail: Text


class Problem(Exception):
    """One business fact that stands in the caller's way.

    Subclasses that are raised declare `code` (unique in the platform), `title` and `detail`;
    the placeholders of `detail` are given by keyword and are also members of the document.
    """

    status: ClassVar[Status] = Status.INTERNAL
    code: ClassVar[str]
    title: ClassVar[Text]
    detail: ClassVar[Text]
    headers: ClassVar[Mapping[str, str]] = MappingProxyType({})

    catalogue: ClassVar[dict[str, type["Problem"]]] = {}

    def __init__(self, *, errors: tuple[FieldError, ...] = (), **details: Any) -> None:
        self.details = details
        self.errors = errors
        super().__init__(f"{self.code} {self.detail.to('en', details)}")

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "code" not in vars(cls):
            return
        if cls.code in Problem.catalogue:
            raise TypeError(f"{cls.code} is declared twice")
        Problem.catalogue[cls.code] = cls


class Invalid(Problem):
    """The request is understood and cannot be right (400)."""

    status = Status.BAD_REQUEST


class Forbidden(Problem):
    """The caller may not do this (403)."""

    status = Status.FORBIDDEN


class NotFound(Problem):
    """There is no such thing, or the caller may not see it (404)."""

    status = Status.NOT_FOUND


class Conflict(Problem):
    """The thing's present state stands against the request (409)."""

    status = Status.CONFLICT


def render(
    problem: Problem, *, language: Language, instance: str, request_id: str
) -> dict[str, Any]:
    """Return the problem document (RFC 9457) in the caller's language."""
    details = {name: _without_numbers(value) for name, value in problem.details.items()}
    document = {
        "type": f"/problems/{problem.code}",
        "code": problem.code,
        "title": problem.title.to(language, details),
        "status": int(problem.status),
        "detail": problem.detail.to(language, details),
        "instance": _masked(instance),
        "request_id": request_id,
        "errors": [
            {
                "pointer": _masked(error.pointer),
                "code": error.code,
                "detail": error.detail.to(language, {}),
            }
            for error in problem.errors
        ],
    }
    return {**details, **document}


def _without_numbers(detail: Any) -> Any:
    return _masked(detail) if isinstance(detail, str) else detail


def _masked(place: str) -> str:
    """Hide a NIK or KK number that the caller put where a name belongs."""
    return NIK.sub("*" * 16, place)


def language_of(accept_language: str | None) -> Language:
    """Return the language to answer in: Indonesian unless English is preferred."""
    ranges = [part.partition(";q=") for part in (accept_language or "").lower().split(",")]
    ranked = sorted(ranges, key=lambda part: -_quality(part[2]))
    for tag, _, quality in ranked:
        primary = tag.strip().partition("-")[0]
        if primary in {"id", "en"} and _quality(quality) > 0:
            return "en" if primary == "en" else "id"
    return "id"


def _quality(text: str) -> float:
    try:
        return float(text or 1)
    except ValueError:
        return 0.0
