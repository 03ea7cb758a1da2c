"""The table of routes: what is not in it cannot be called."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter

from gateway.problems import MethodNotAllowed, UnknownRoute


@dataclass(frozen=True)
class Route:
    """One operation: who serves it, and the scope that it takes (none: open to everyone)."""

    method: str
    path: str
    service: str
    scope: str | None
    operation_id: str = ""

    @property
    def takes_files(self) -> bool:
        """Tell whether the route takes an import file, which may be large."""
        return self.method == "POST" and self.path.endswith(("imports", "/file"))

    @property
    def moves_files(self) -> bool:
        """Tell whether a file is read or written before the answer begins."""
        return self.takes_files or self.path.endswith("/workbook")


@dataclass
class _Node:
    fixed: dict[str, "_Node"] = field(default_factory=dict)
    parameter: "_Node | None" = None
    methods: dict[str, Route] = field(default_factory=dict)

    def child(self, segment: str) -> "_Node":
        if not segment.startswith("{"):
            return self.fixed.setdefault(segment, _Node())
        self.parameter = self.parameter or _Node()
        return self.parameter


class RouteTable:
    """Finds the route of a request: by segments, a fixed one before a parameter."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._root = _Node()
        for route in routes:
            node = self._root
            for segment in route.path.strip("/").split("/"):
                node = node.child(segment)
            node.methods[route.method.upper()] = route

    @classmethod
    def read(cls, path: Path) -> "RouteTable":
        """Read the table that is generated from the services' OpenAPI documents."""
        entries = json.loads(path.read_text()) if path.exists() else []
        return cls(TypeAdapter(list[Route]).validate_python(entries))

    def match(self, method: str, path: str) -> Route:
        """Return the route; HEAD is answered by the route of GET.

        Raises:
            UnknownRoute: no operation has this path.
            MethodNotAllowed: another method has; the answer names which.
        """
        node = _find(self._root, path[1:].split("/"), 0)
        if node is None:
            raise UnknownRoute
        route = node.methods.get(method) or (node.methods.get("GET") if method == "HEAD" else None)
        if route is None:
            raise MethodNotAllowed(allow=", ".join(_allowed(node)))
        return route


def _find(node: _Node, segments: list[str], depth: int) -> _Node | None:
    if depth == len(segments):
        return node if node.methods else None
    fixed = node.fixed.get(segments[depth])
    found = _find(fixed, segments, depth + 1) if fixed else None
    if found is None and node.parameter and segments[depth]:
        found = _find(node.parameter, segments, depth + 1)
    return found


def _allowed(node: _Node) -> list[str]:
    head = {"HEAD"} if "GET" in node.methods else set()
    return sorted(set(node.methods) | head)
