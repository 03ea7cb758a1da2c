"""A proposal to even out caseloads is applied or refused, once, by a second person."""

from enum import StrEnum

from kernel.lifecycle import Lifecycle, Move


class State(StrEnum):
    """What became of a proposal."""

    PROPOSED = "proposed"
    APPLIED = "applied"
    REFUSED = "refused"


class ProposalLifecycle(Lifecycle):
    """A proposal that families overtook is refused, and another one made."""

    apply = Move(State.PROPOSED, to=State.APPLIED)
    refuse = Move(State.PROPOSED, to=State.REFUSED)
