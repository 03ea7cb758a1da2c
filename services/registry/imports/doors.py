"""How many may do something at a time in one process; whoever comes too many is told so."""

from collections.abc import Iterator
from contextlib import contextmanager

from kernel.problems import Problem


class Doors:
    """A number of places; `full` is raised when none is free."""

    def __init__(self, places: int, full: type[Problem]) -> None:
        self.free = places
        self._full = full

    def require_free(self) -> None:
        """Guard an entrance.

        Raises:
            Problem: the one that tells that it is full.
        """
        if self.free <= 0:
            raise self._full

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Hold one of the places.

        Raises:
            Problem: the one that tells that it is full.
        """
        self.require_free()
        self.free -= 1
        try:
            yield
        finally:
            self.free += 1
