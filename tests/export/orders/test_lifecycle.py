"""Every verb of an order, in every state."""

from datetime import date
from decimal import Decimal

import pytest

from kernel.ids import new_id
from kernel.lifecycle import IllegalMove
from kernel.problems import Problem
from services.export.orders.lifecycle import Answer, OrderState
from services.export.orders.models import Order, OrderLine, Reply
from services.export.orders.problems import LineNotFound, MoreShippedThanOrdered

ON = date(2025, 9, 9)
VERBS = ("submit", "accept", "reject", "cancel", "start", "ship", "deliver", "close")
ALLOWED = {
    (OrderState.DRAFT, "submit"): OrderState.SUBMITTED,
    (OrderState.DRAFT, "cancel"): OrderState.CANCELLED,
    (OrderState.SUBMITTED, "accept"): OrderState.ACCEPTED,
    (OrderState.SUBMITTED, "reject"): OrderState.REJECTED,
    (OrderState.SUBMITTED, "cancel"): OrderState.CANCELLED,
    (OrderState.ACCEPTED, "start"): OrderState.IN_PRODUCTION,
    (OrderState.ACCEPTED, "cancel"): OrderState.CANCELLED,
    (OrderState.IN_PRODUCTION, "ship"): OrderState.SHIPPED,
    (OrderState.SHIPPED, "ship"): OrderState.SHIPPED,
    (OrderState.SHIPPED, "deliver"): OrderState.DELIVERED,
    (OrderState.DELIVERED, "close"): OrderState.CLOSED,
}


def order_in(state: OrderState, *, pieces: int = 10) -> Order:
    order = Order(
        partner_id=new_id(), partner_order_number="PO-1", ordered_on=ON, state=state, materials=[]
    )
    line = OrderLine(
        order_id=order.id,
        position=1,
        product_id=new_id(),
        pieces=pieces,
        unit_price_amount=Decimal(88550),
        currency="IDR",
        due_on=ON,
    )
    order.lines = [line]
    return order


def do(order: Order, verb: str) -> None:
    replies = [Reply(line_id=line.id, answer=Answer.ACCEPTED) for line in order.lines]
    match verb:
        case "accept":
            order.accept(replies, on=ON)
        case "reject" | "cancel":
            getattr(order, verb)(on=ON, reason="because")
        case "ship":
            order.ship(pieces=1, on=ON)
        case _:
            getattr(order, verb)(on=ON)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", OrderState)
def test_every_verb_in_every_state(state: OrderState, verb: str) -> None:
    order = order_in(state)

    if (state, verb) in ALLOWED:
        do(order, verb)
        assert order.state is ALLOWED[state, verb]
        return

    with pytest.raises(IllegalMove):
        do(order, verb)
    assert order.state is state


def test_several_shipments_take_the_order_away_but_never_more_than_was_promised() -> None:
    order = order_in(OrderState.IN_PRODUCTION, pieces=10)

    order.ship(pieces=6, on=ON)
    last = order.ship(pieces=4, on=ON)

    assert (order.state, order.shipped_pieces, last.pieces) == (OrderState.SHIPPED, 10, 4)
    with pytest.raises(MoreShippedThanOrdered):
        order.ship(pieces=1, on=ON)


def test_a_line_of_another_order_is_not_found() -> None:
    with pytest.raises(LineNotFound):
        order_in(OrderState.DRAFT).get_line(new_id())


def test_every_problem_speaks_both_languages() -> None:
    spoken = [p for code, p in Problem.catalogue.items() if code.startswith("EXP-0")]

    assert all(problem.detail.id != problem.detail.en for problem in spoken)
