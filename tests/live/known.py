"""Ids that exist: a request that names nothing real is refused before it can do harm."""

import typing
from collections.abc import Mapping, Sequence

import httpx

Json = typing.Any  # noqa: TID251 - what JSON may hold

Known = Mapping[str, Sequence[str]]
PARAMETER = "/{"


def known_ids(document: Json, door: httpx.Client) -> Known:
    """Return parameter name -> ids, from the list that stands above each `/{name}`."""
    found: dict[str, list[str]] = {}
    for path in document["paths"]:
        above, _, below = path.partition(PARAMETER)
        name = below.partition("}")[0]
        if name.endswith("_id") and "get" in document["paths"].get(above, {}):
            found.setdefault(name, []).extend(listed(door, above))
    return {name: ids for name, ids in found.items() if ids}


def listed(door: httpx.Client, path: str) -> list[str]:
    """Return the ids on the first page of a list; none where a list wants a filter."""
    answer = door.get(path)
    items = answer.json().get("items", []) if answer.is_success else []
    return [item["id"] for item in items if "id" in item]


class Substitution:
    """Puts real ids where a generated request names something by its id."""

    def __init__(self, known: Known, nth: int) -> None:
        self._known = known
        self._nth = nth

    def of(self, given: Json, name: str = "") -> Json:
        """Return what was given, with real ids under every name that stands for one."""
        if isinstance(given, dict):
            return {key: self.of(value, str(key)) for key, value in given.items()}
        if isinstance(given, list):
            return [self.of(value, name.removesuffix("s")) for value in given]
        ids = self._known.get(name)
        return ids[self._next() % len(ids)] if ids else given

    def _next(self) -> int:
        self._nth += 1
        return self._nth
