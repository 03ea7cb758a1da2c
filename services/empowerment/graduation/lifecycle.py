"""The life of a proposal to graduate a family."""

from enum import StrEnum

from kernel.lifecycle import Lifecycle, Move


class State(StrEnum):
    """Where a proposal stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    REVERSED = "reversed"


class ProposalLifecycle(Lifecycle):
    """Proposed by one person, decided by another; a family that falls back returns to aid."""

    approve = Move(State.PROPOSED, to=State.APPROVED)
    refuse = Move(State.PROPOSED, to=State.REFUSED)
    reverse = Move(State.APPROVED, to=State.REVERSED)
