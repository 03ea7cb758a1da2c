"""The life of a consent: it holds until it is taken back or its day passes."""

from enum import StrEnum

from kernel.lifecycle import Lifecycle, Move


class State(StrEnum):
    """Whether data may flow."""

    LIVE = "live"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class ConsentLifecycle(Lifecycle):
    """What may happen to a consent."""

    withdraw = Move(State.LIVE, to=State.WITHDRAWN)
    expire = Move(State.LIVE, to=State.EXPIRED)
