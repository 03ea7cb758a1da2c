"""What exists: a request that names nothing real is refused before it can do harm."""

import re
import typing
from collections.abc import Mapping, Sequence

import httpx

from cli.story import cast

Json = typing.Any  # noqa: TID251 - what JSON may hold

Known = Mapping[str, Sequence[str]]
PARAMETER = "/{"
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
DAYS = ("2025-03-03", "2025-04-04", "2025-06-30", "2025-09-10", "2000-01-01", "2100-12-31")
PLAUSIBLE: Known = {
    "desa_code": cast.DESA,
    "area_code": ("33.02", "34.02", "33"),
    "currency": ("IDR", "IDR", "USD"),
    "amount": ("0.00", "1.00", "30000.00", "1500000.00", "9999999999999999.99"),
    "code": ("OOA", "PNM", "A-1", "A-2", "A-3"),
}


def known(document: Json, door: httpx.Client) -> Known:
    """Return name -> values; the ids are read from the list that stands above each `/{name}`."""
    found: dict[str, list[str]] = {}
    for path in document["paths"]:
        above, _, below = path.partition(PARAMETER)
        name = below.partition("}")[0]
        if name.endswith("_id") and "get" in document["paths"].get(above, {}):
            found.setdefault(name, []).extend(listed(door, above))
    return {**PLAUSIBLE, **{name: ids for name, ids in found.items() if ids}}


def listed(door: httpx.Client, path: str) -> list[str]:
    """Return the ids on the first page of a list; none where a list wants a filter."""
    answer = door.get(path)
    items = answer.json().get("items", []) if answer.is_success else []
    return [item["id"] for item in items if "id" in item]


class Substitution:
    """Puts what exists where a generated request names something."""

    def __init__(self, known: Known, nth: int) -> None:
        self._known = known
        self._nth = nth

    def of(self, given: Json, name: str = "") -> Json:
        """Return what was given, with what exists under every name that is known."""
        if isinstance(given, dict):
            return {key: self.of(value, str(key)) for key, value in given.items()}
        if isinstance(given, list):
            return [self.of(value, name.removesuffix("s")) for value in given]
        if isinstance(given, str) and DATE.fullmatch(given):
            return self._one_of(DAYS)
        return self._one_of(self._known[name]) if name in self._known else given

    def _one_of(self, values: Sequence[str]) -> str:
        self._nth += 1
        return values[self._nth % len(values)]
