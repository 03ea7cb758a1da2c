"""A delivery's way: opened, filled, closed by a second person, recorded, published."""

from enum import StrEnum

from kernel.lifecycle import Lifecycle, Move


class State(StrEnum):
    """Where a delivery of BPS stands."""

    OPEN = "open"
    DISCARDED = "discarded"
    CLOSED = "closed"
    RECORDED = "recorded"
    PUBLISHED = "published"


class DeliveryLifecycle(Lifecycle):
    """People close or discard; the worker then records it in the ledger, and tells the world."""

    close = Move(State.OPEN, to=State.CLOSED)
    discard = Move(State.OPEN, to=State.DISCARDED)
    record = Move(State.CLOSED, to=State.RECORDED)
    publish = Move(State.RECORDED, to=State.PUBLISHED)
