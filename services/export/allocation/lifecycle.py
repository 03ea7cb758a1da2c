"""The life of a plan that divides an order line over groups."""

from enum import StrEnum

from kernel.lifecycle import Lifecycle, Move


class State(StrEnum):
    """A plan binds nobody until it is accepted."""

    PLANNED = "planned"
    ACCEPTED = "accepted"
    DISCARDED = "discarded"


class AllocationLifecycle(Lifecycle):
    """A line has one plan that is not discarded."""

    adjust = Move(State.PLANNED, to=State.PLANNED)
    accept = Move(State.PLANNED, to=State.ACCEPTED)
    discard = Move(State.PLANNED, to=State.DISCARDED)
