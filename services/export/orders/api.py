"""Orders, over HTTP."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import AfterValidator, Field

from kernel.fields import BusinessDate, Code, Note
from kernel.idempotency import IDEMPOTENCY_KEY_REQUIRED
from kernel.money import Money
from kernel.pagination import Page, PageQuery, Rows
from kernel.web import Body, Uow, View, slice_router
from services.export.orders import actions, queries
from services.export.orders.access import MayApprove, MayRead, MayWrite
from services.export.orders.lifecycle import Answer, OrderState
from services.export.orders.models import Order, OrderLine, Reply

router = slice_router("/orders", tag="orders")

MAX_UNIT_PRICE = 10_000_000
MAX_LINES = 100
LinePieces = Annotated[int, Field(ge=1, le=100_000)]


def _sellable(price: Money) -> Money:
    if not 0 < price.amount <= MAX_UNIT_PRICE:
        raise ValueError(f"more than 0, at most {MAX_UNIT_PRICE}")
    return price


class LineIn(Body):
    """So many pieces of one product by a day, at an export price."""

    product_id: UUID
    pieces: LinePieces
    unit_price: Annotated[Money, AfterValidator(_sellable)]
    due_on: BusinessDate

    def row(self, order_id: UUID, *, position: int) -> OrderLine:
        """Return the line to record."""
        return OrderLine(
            order_id=order_id,
            position=position,
            product_id=self.product_id,
            pieces=self.pieces,
            unit_price_amount=self.unit_price.amount,
            currency=self.unit_price.currency,
            due_on=self.due_on,
        )


class OrderIn(Body):
    """An order to record; the partner's own number is unique for that partner."""

    partner_id: UUID
    partner_order_number: Code
    ordered_on: BusinessDate
    lines: Annotated[list[LineIn], Field(min_length=1, max_length=MAX_LINES)]

    def row(self) -> Order:
        """Return the order to record."""
        order = Order(**self.model_dump(exclude={"lines"}), materials=[])
        order.lines = [
            line.row(order.id, position=nth) for nth, line in enumerate(self.lines, start=1)
        ]
        return order


class OrderMoveIn(Body):
    """The day on which it happened."""

    on: BusinessDate


class OrderEndIn(Body):
    """The day on which it happened, and why."""

    on: BusinessDate
    reason: Note


class AnswerIn(Body):
    """The answer to one line; `pieces` and `due_on` only with accepted_with_change."""

    line_id: UUID
    answer: Answer
    pieces: LinePieces | None = None
    due_on: BusinessDate | None = None

    def reply(self) -> Reply:
        """Return the answer in the domain's words."""
        return Reply(**self.model_dump())


class AnswersIn(Body):
    """The answers to all lines of an order."""

    accepted_on: BusinessDate
    answers: Annotated[list[AnswerIn], Field(min_length=1, max_length=MAX_LINES)]


class LineOut(View):
    """A line: as ordered, and as answered."""

    id: UUID
    position: int
    product_id: UUID
    pieces: int
    unit_price: Money
    due_on: date
    answer: Answer | None
    accepted_pieces: int | None
    accepted_due_on: date | None


class MaterialDemandOut(View):
    """Raw material that the order needs."""

    id: UUID
    material: str
    kilograms: int
    needed_by: date


class TotalsOut(View):
    """Pieces asked for, pieces to make, and their export value (never anybody's income)."""

    ordered_pieces: int
    pieces: int
    value: Money


class OrderOut(View):
    """An order as it stands."""

    id: UUID
    version: int
    partner_id: UUID
    partner_order_number: str
    state: OrderState
    ordered_on: date
    submitted_on: date | None
    accepted_on: date | None
    started_on: date | None
    shipped_on: date | None
    delivered_on: date | None
    closed_on: date | None
    ended_on: date | None
    reason: str | None
    shipped_pieces: int
    lines: list[LineOut]
    materials: list[MaterialDemandOut]
    totals: TotalsOut


async def _wanted(
    partner_id: UUID | None = None,
    state: OrderState | None = None,
    partner_order_number: Annotated[str | None, Query(max_length=64)] = None,
) -> queries.Wanted:
    return queries.Wanted(partner_id, state, partner_order_number)


@router.post("", status_code=201, response_model=OrderOut, dependencies=[IDEMPOTENCY_KEY_REQUIRED])
async def place_order(body: OrderIn, actor: MayWrite, uow: Uow, response: Response) -> Order:
    """Record a partner's order as a draft."""
    order = body.row()
    await actions.place(uow, order, actor=actor)
    response.headers["Location"] = f"/v1/orders/{order.id}"
    return order


@router.get("/{order_id}", response_model=OrderOut)
async def read_order(order_id: UUID, actor: MayRead, uow: Uow) -> Order:
    """Show an order with its lines and totals."""
    return await queries.get(uow.session, order_id, actor=actor)


@router.get("", response_model=Page[OrderOut])
async def list_orders(
    actor: MayRead,
    uow: Uow,
    page: PageQuery,
    wanted: Annotated[queries.Wanted, Depends(_wanted)],
) -> Rows[Order]:
    """List orders; a partner's client sees its own."""
    return await queries.list_(uow.session, page, actor=actor, wanted=wanted)


@router.post("/{order_id}/submit", response_model=OrderOut)
async def submit_order(order_id: UUID, body: OrderMoveIn, actor: MayWrite, uow: Uow) -> Order:
    """Ask for the goods."""
    order = await queries.get(uow.session, order_id, actor=actor, for_update=True)
    uow.publish(order.submit(on=body.on), key=order.id)
    return order


@router.post("/{order_id}/accept", response_model=OrderOut)
async def accept_order(order_id: UUID, body: AnswersIn, actor: MayApprove, uow: Uow) -> Order:
    """Promise the goods, answering every line."""
    order = await queries.get(uow.session, order_id, actor=actor, for_update=True)
    replies = [answer.reply() for answer in body.answers]
    await actions.accept(uow, order, replies=replies, accepted_on=body.accepted_on)
    return order


@router.post("/{order_id}/reject", response_model=OrderOut)
async def reject_order(order_id: UUID, body: OrderEndIn, actor: MayApprove, uow: Uow) -> Order:
    """Refuse to make any of it."""
    order = await queries.get(uow.session, order_id, actor=actor, for_update=True)
    uow.publish(order.reject(on=body.on, reason=body.reason), key=order.id)
    return order


@router.post("/{order_id}/cancel", response_model=OrderOut)
async def cancel_order(order_id: UUID, body: OrderEndIn, actor: MayWrite, uow: Uow) -> Order:
    """Call the order off, before anybody works for it."""
    order = await queries.get(uow.session, order_id, actor=actor, for_update=True)
    uow.publish(order.cancel(on=body.on, reason=body.reason), key=order.id)
    return order


@router.post("/{order_id}/deliver", response_model=OrderOut)
async def deliver_order(order_id: UUID, body: OrderMoveIn, actor: MayWrite, uow: Uow) -> Order:
    """Note that the partner has the goods."""
    order = await queries.get(uow.session, order_id, actor=actor, for_update=True)
    uow.publish(order.deliver(on=body.on), key=order.id)
    return order


@router.post("/{order_id}/close", response_model=OrderOut)
async def close_order(order_id: UUID, body: OrderMoveIn, actor: MayWrite, uow: Uow) -> Order:
    """Note that nothing is open any more."""
    order = await queries.get(uow.session, order_id, actor=actor, for_update=True)
    uow.publish(order.close(on=body.on), key=order.id)
    return order
