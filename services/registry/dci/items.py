"""The requests of a list, read one by one: a malformed one is rejected, the others live."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pydantic import JsonValue, ValidationError

from kernel.problems import NIK, Language, Text
from services.registry.dci.envelope import MALFORMED, Refused, places_in
from services.registry.dci.header import HeaderReason, Part
from services.registry.dci.messages import MOST_ITEMS, ErrorCode, RawItem, SearchReason

MOST_ERRORS = 20
LONGEST_ECHO = 99

TOO_MANY_ERRORS = Text(
    id="Lebih dari {most} permintaan dalam pesan ini tidak sah.",
    en="More than {most} requests of this message are not valid.",
)
WRONG_COUNT = Text(
    id="'total_count' harus sama dengan banyaknya permintaan, yaitu {count}.",
    en="'total_count' must be the number of requests, {count}.",
)
TOO_MANY_ITEMS = Text(
    id="Paling banyak {most} permintaan dalam satu pesan.",
    en="At most {most} requests in one message.",
)
SEEN_BEFORE = Text(
    id="'reference_id' ini sudah dipakai dalam pesan yang sama.",
    en="This 'reference_id' was used before in the same message.",
)

P = TypeVar("P", bound=Part)
Location = tuple[int | str, ...]


class Rejection(Exception):
    """One request of a message is rejected; the others are answered."""

    def __init__(self, reason: SearchReason, text: Text, **details: str | int) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self._text, self._details = text, details

    def told(self, language: Language) -> str:
        """Return what is wrong, in the request's language."""
        return NIK.sub("*" * 16, self._text.to(language, self._details))


@dataclass(frozen=True)
class Rejected:
    """One request that is wrong, and how; `reference_id` is empty where it is what is wrong."""

    reference_id: str
    rejection: Rejection


def language_of(locale: str) -> Language:
    """Return the language that we answer a request in: Indonesian unless it asks for English."""
    return "en" if locale == "eng" else "id"


def check_count(items: Sequence[RawItem], total_count: int, *, most: int = MOST_ITEMS) -> None:
    """Guard a list.

    Raises:
        Refused: it is longer than we take, or not as long as its header says.
    """
    if len(items) > most or total_count > most:
        reason = HeaderReason.TOTAL_COUNT_LIMIT_EXCEEDED
        raise Refused(ErrorCode.BAD, TOO_MANY_ITEMS, reason=reason, most=most)
    if total_count != len(items):
        reason = HeaderReason.TOTAL_COUNT_INVALID
        raise Refused(ErrorCode.BAD, WRONG_COUNT, reason=reason, count=len(items))


def read_items(
    given: Sequence[RawItem],
    kind: type[P],
    *,
    reason_of: Callable[[Location], SearchReason] | None = None,
) -> list[P | Rejected]:
    """Return every request, those that are wrong with the first thing that is wrong.

    Raises:
        Refused: too many of them are wrong.
    """
    seen = set[str]()
    read = [_read(each, kind, reason_of=reason_of or reason_at, seen=seen) for each in given]
    if sum(isinstance(each, Rejected) for each in read) > MOST_ERRORS:
        reason = HeaderReason.ERRORS_TOO_MANY
        raise Refused(ErrorCode.BAD, TOO_MANY_ERRORS, reason=reason, most=MOST_ERRORS)
    return read


def reason_at(location: Location) -> SearchReason:
    """Return why a search is rejected that is wrong at a place."""
    first, second = (*location, None, None)[:2]
    if first == "reference_id":
        return SearchReason.REFERENCE_ID_INVALID
    if first == "timestamp":
        return SearchReason.TIMESTAMP_INVALID
    inside = {
        "query": SearchReason.FILTER_INVALID,
        "sort": SearchReason.SORT_INVALID,
        "pagination": SearchReason.PAGINATION_INVALID,
    }
    return inside.get(str(second), SearchReason.SEARCH_CRITERIA_INVALID)


def _read(
    given: RawItem, kind: type[P], *, reason_of: Callable[[Location], SearchReason], seen: set[str]
) -> P | Rejected:
    reference_id = _echo(given.get("reference_id"))
    try:
        item = kind.model_validate(given)
    except ValidationError as error:
        reason = reason_of(error.errors()[0]["loc"])
        places = places_in(error, of="request")
        return Rejected(reference_id, Rejection(reason, MALFORMED, places=places))
    if reference_id in seen:
        duplicate = Rejection(SearchReason.REFERENCE_ID_DUPLICATE, SEEN_BEFORE)
        return Rejected(reference_id, duplicate)
    seen.add(reference_id)
    return item


def _echo(given: JsonValue) -> str:
    return given if isinstance(given, str) and len(given) <= LONGEST_ECHO else ""
