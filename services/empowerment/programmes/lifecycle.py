"""The life of a programme."""

from enum import StrEnum

from kernel.lifecycle import Lifecycle, Move


class State(StrEnum):
    """Where a programme stands."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class ProgrammeLifecycle(Lifecycle):
    """A draft takes no families; an open programme does; a closed one no more."""

    open = Move(State.DRAFT, to=State.OPEN)
    close = Move(State.OPEN, to=State.CLOSED)
