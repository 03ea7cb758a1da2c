"""The life of a consent: it holds until it is taken back, or its last day passes."""

from enum import StrEnum

from kernel.lifecycle import Lifecycle, Move


class State(StrEnum):
    """Whether data may flow."""

    LIVE = "live"
    WITHDRAWN = "withdrawn"


class ConsentLifecycle(Lifecycle):
    """What may happen to a consent."""

    withdraw = Move(State.LIVE, to=State.WITHDRAWN)
