"""A subscription lives until it is ended, once, by whoever or whatever ends it."""

from enum import StrEnum

from kernel.lifecycle import Lifecycle, Move


class State(StrEnum):
    """Whether the partner is notified."""

    ACTIVE = "active"
    ENDED = "ended"


class SubscriptionLifecycle(Lifecycle):
    """A partner that subscribes again gets a new code."""

    end = Move(State.ACTIVE, to=State.ENDED)


class Ending(StrEnum):
    """Why a subscription ended."""

    UNSUBSCRIBED = "unsubscribed"
    PERIOD_OVER = "period_over"
    ADDRESS_GONE = "address_gone"
