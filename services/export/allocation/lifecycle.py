"""The life of a plan that divides an order line over groups."""

from enum import StrEnum

from kernel.lifecycle import Lifecycle, Move


class AllocationState(StrEnum):
    """A plan binds nobody until it is accepted."""

    PLANNED = "planned"
    ACCEPTED = "accepted"
    DISCARDED = "discarded"


class AllocationLifecycle(Lifecycle):
    """A line has one plan that is not discarded."""

    adjust = Move(AllocationState.PLANNED, to=AllocationState.PLANNED)
    accept = Move(AllocationState.PLANNED, to=AllocationState.ACCEPTED)
    discard = Move(AllocationState.PLANNED, to=AllocationState.DISCARDED)
