"""The life of an export order, and of the answer to one of its lines."""

from enum import StrEnum

from kernel.lifecycle import Lifecycle, Move


class OrderState(StrEnum):
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

    submit = Move(OrderState.DRAFT, to=OrderState.SUBMITTED)
    accept = Move(OrderState.SUBMITTED, to=OrderState.ACCEPTED)
    reject = Move(OrderState.SUBMITTED, to=OrderState.REJECTED)
    cancel = Move(
        OrderState.DRAFT, OrderState.SUBMITTED, OrderState.ACCEPTED, to=OrderState.CANCELLED
    )
    start = Move(OrderState.ACCEPTED, to=OrderState.IN_PRODUCTION)
    ship = Move(OrderState.IN_PRODUCTION, OrderState.SHIPPED, to=OrderState.SHIPPED)
    deliver = Move(OrderState.SHIPPED, to=OrderState.DELIVERED)
    close = Move(OrderState.DELIVERED, to=OrderState.CLOSED)
