"""The life of an enrolment."""

from enum import StrEnum

from kernel.lifecycle import Lifecycle, Move


class State(StrEnum):
    """Where a family stands in a programme."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    ACTIVE = "active"
    COMPLETED = "completed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


HOLDS_A_PLACE = frozenset({State.APPROVED, State.ACTIVE, State.COMPLETED})
ENDED_WITHOUT_PLACE = frozenset({State.REJECTED, State.WITHDRAWN})


class EnrolmentLifecycle(Lifecycle):
    """A place of the programme is taken at approval, and given back at withdrawal."""

    approve = Move(State.PROPOSED, to=State.APPROVED)
    reject = Move(State.PROPOSED, to=State.REJECTED)
    activate = Move(State.APPROVED, to=State.ACTIVE)
    complete = Move(State.ACTIVE, to=State.COMPLETED)
    withdraw = Move(State.PROPOSED, State.APPROVED, State.ACTIVE, to=State.WITHDRAWN)
