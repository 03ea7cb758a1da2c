"""The life of a visit."""

from enum import StrEnum

from kernel.lifecycle import Lifecycle, Move


class State(StrEnum):
    """Where a visit stands."""

    PLANNED = "planned"
    VISITED = "visited"
    CLOSED = "closed"


class VisitLifecycle(Lifecycle):
    """A visit is planned, then made and written down, then its follow-up ends it."""

    record = Move(State.PLANNED, to=State.VISITED)
    close = Move(State.VISITED, to=State.CLOSED)
