"""Aid that a family receives runs until it ends, once."""

from enum import StrEnum

from kernel.lifecycle import Lifecycle, Move


class State(StrEnum):
    """Whether the family receives the aid."""

    ACTIVE = "active"
    ENDED = "ended"


class AssistanceLifecycle(Lifecycle):
    """Aid that starts again is a new record; only the undoing of a merge resumes one."""

    end = Move(State.ACTIVE, to=State.ENDED)
    resume = Move(State.ENDED, to=State.ACTIVE)
