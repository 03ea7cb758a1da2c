"""The life of an export order, and of the answer to one of its lines."""

from enum import StrEnum

from kernel.lifecycle import Lifecycle, Move


class State(StrEnum):
    """Where an order stands between the partner's draft and the last open matter."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    IN_PRODUCTION = "in_production"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CLOSED = "closed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


class Answer(StrEnum):
    """What a partner is told about one line of its order."""

    ACCEPTED = "accepted"
    ACCEPTED_WITH_CHANGE = "accepted_with_change"
    REJECTED = "rejected"


class OrderLifecycle(Lifecycle):
    """Goods may leave in several shipments; an order is shipped from the first on."""

    submit = Move(State.DRAFT, to=State.SUBMITTED)
    accept = Move(State.SUBMITTED, to=State.ACCEPTED)
    reject = Move(State.SUBMITTED, to=State.REJECTED)
    cancel = Move(State.DRAFT, State.SUBMITTED, State.ACCEPTED, to=State.CANCELLED)
    start = Move(State.ACCEPTED, to=State.IN_PRODUCTION)
    ship = Move(State.IN_PRODUCTION, State.SHIPPED, to=State.SHIPPED)
    deliver = Move(State.SHIPPED, to=State.DELIVERED)
    close = Move(State.DELIVERED, to=State.CLOSED)
