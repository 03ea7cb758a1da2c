"""The life of a wish to be forgotten, and of a hold that stands against it."""

from enum import StrEnum

from kernel.lifecycle import Lifecycle, Move


class State(StrEnum):
    """Where an erasure stands."""

    REQUESTED = "requested"
    CARRIED_OUT = "carried_out"
    REFUSED = "refused"


class ErasureLifecycle(Lifecycle):
    """What may happen to a request; what is carried out can never be undone."""

    carry_out = Move(State.REQUESTED, to=State.CARRIED_OUT)
    refuse = Move(State.REQUESTED, to=State.REFUSED)


class HoldState(StrEnum):
    """Whether a court or an investigation needs a family's data."""

    HELD = "held"
    LIFTED = "lifted"


class HoldLifecycle(Lifecycle):
    """What may happen to a hold."""

    lift = Move(HoldState.HELD, to=HoldState.LIFTED)
