"""The life of a KUBE group."""

from enum import StrEnum

from kernel.lifecycle import Lifecycle, Move


class State(StrEnum):
    """Where a group stands."""

    FORMING = "forming"
    ACTIVE = "active"
    DISSOLVED = "dissolved"


class GroupLifecycle(Lifecycle):
    """A group gathers families, then works, then ends."""

    activate = Move(State.FORMING, to=State.ACTIVE)
    dissolve = Move(State.FORMING, State.ACTIVE, to=State.DISSOLVED)
