"""A partner's order: its lines, how each was answered, and the raw material it needs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, Relationship, col

from contracts.export import (
    LineOrdered,
    MaterialDemanded,
    OrderAccepted,
    OrderCancelled,
    OrderClosed,
    OrderDelivered,
    OrderProductionStarted,
    OrderRejected,
    OrderShipped,
    OrderSubmitted,
)
from kernel.db import Aggregate, state_column
from kernel.ids import new_id
from kernel.money import Money
from services.export.db import Table
from services.export.orders.lifecycle import Answer, OrderLifecycle, OrderState
from services.export.orders.problems import (
    ChangeNotTold,
    LineNotFound,
    LinesNotAnsweredOnce,
    MoreShippedThanOrdered,
    NothingAccepted,
)


@dataclass(frozen=True)
class Reply:
    """The answer to one line; a change names the counter quantity, the counter day, or both."""

    line_id: UUID
    answer: Answer
    pieces: int | None = None
    due_on: date | None = None


class OrderLine(Table, table=True):
    """So many pieces of one product by a day; what was ordered, and what will be made of it."""

    __tablename__ = "order_line"
    __table_args__ = (
        sa.UniqueConstraint("order_id", "position"),
        sa.CheckConstraint("pieces > 0", name="pieces"),
        sa.CheckConstraint("accepted_pieces >= 0", name="accepted_pieces"),
        sa.CheckConstraint("unit_price_amount > 0", name="unit_price"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    order_id: UUID = Field(foreign_key="purchase_order.id")
    position: int
    product_id: UUID = Field(foreign_key="product.id", index=True)
    pieces: int
    unit_price_amount: Decimal = Field(sa_type=sa.Numeric(18, 2))
    currency: str
    due_on: date
    answer: Answer | None = Field(default=None, sa_type=state_column(Answer))
    accepted_pieces: int | None = None
    accepted_due_on: date | None = None

    @property
    def unit_price(self) -> Money:
        """Return the export price of one piece."""
        return Money(amount=self.unit_price_amount, currency=self.currency)

    @property
    def pieces_to_make(self) -> int:
        """Return the pieces promised or, before an answer, the pieces asked for."""
        return self.pieces if self.accepted_pieces is None else self.accepted_pieces

    @property
    def make_by(self) -> date:
        """Return the day promised or, before an answer, the day asked for."""
        return self.accepted_due_on or self.due_on

    @property
    def value(self) -> Money:
        """Return the export value: never anybody's income."""
        return self.unit_price * self.pieces_to_make

    def reply(self, reply: Reply) -> None:
        """Tell what will be made of the line: as asked, another quantity or day, or nothing.

        Raises:
            ChangeNotTold: the reply's change does not fit its answer.
        """
        changed = reply.pieces is not None or reply.due_on is not None
        if changed is not (reply.answer is Answer.ACCEPTED_WITH_CHANGE):
            raise ChangeNotTold(line_id=self.id)
        self.answer = reply.answer
        self.accepted_pieces = 0 if reply.answer is Answer.REJECTED else reply.pieces or self.pieces
        self.accepted_due_on = reply.due_on or self.due_on

    def told(self) -> LineOrdered:
        """Return the line as events tell it."""
        return LineOrdered(
            line_id=self.id,
            product_id=self.product_id,
            pieces=self.pieces_to_make,
            due_on=self.make_by,
        )


class MaterialDemand(Table, table=True):
    """Raw material that an accepted order needs, in whole kilograms, rounded up."""

    __tablename__ = "material_demand"
    __table_args__ = (
        sa.UniqueConstraint("order_id", "material"),
        sa.CheckConstraint("kilograms > 0", name="kilograms"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    order_id: UUID = Field(foreign_key="purchase_order.id")
    material: str
    kilograms: int
    needed_by: date

    def told(self) -> MaterialDemanded:
        """Return the demand as an event, for the villages that can supply it."""
        return MaterialDemanded(
            demand_id=self.id,
            order_id=self.order_id,
            material=self.material,
            kilograms=self.kilograms,
            needed_by=self.needed_by,
        )


@dataclass(frozen=True)
class Totals:
    """An order in figures: pieces asked for, pieces to make, and their export value."""

    ordered_pieces: int
    pieces: int
    value: Money


class Order(Aggregate, Table, table=True):
    """A purchase order; `partner_order_number` is the partner's own, unique for that partner."""

    __tablename__ = "purchase_order"
    __table_args__ = (
        sa.UniqueConstraint("partner_id", "partner_order_number"),
        sa.CheckConstraint("shipped_pieces >= 0", name="shipped_pieces"),
    )

    partner_id: UUID = Field(foreign_key="partner.id")
    partner_order_number: str = Field(index=True)
    state: OrderState = Field(
        default=OrderState.DRAFT, sa_type=state_column(OrderState), index=True
    )
    ordered_on: date
    submitted_on: date | None = None
    accepted_on: date | None = None
    started_on: date | None = None
    shipped_on: date | None = None
    delivered_on: date | None = None
    closed_on: date | None = None
    ended_on: date | None = None
    reason: str | None = None
    shipped_pieces: int = 0

    lines: list[OrderLine] = Relationship(
        sa_relationship_kwargs={"lazy": "selectin", "order_by": lambda: col(OrderLine.position)}
    )
    materials: list[MaterialDemand] = Relationship(
        sa_relationship_kwargs={
            "lazy": "selectin",
            "order_by": lambda: col(MaterialDemand.material),
        }
    )

    @property
    def pieces(self) -> int:
        """Return the pieces to make, over all lines."""
        return sum(line.pieces_to_make for line in self.lines)

    @property
    def value(self) -> Money:
        """Return the export value of the pieces to make; all lines are in one currency."""
        first, *others = [line.value for line in self.lines]
        return sum(others, start=first)

    @property
    def totals(self) -> Totals:
        """Return the order in figures."""
        ordered = sum(line.pieces for line in self.lines)
        return Totals(ordered_pieces=ordered, pieces=self.pieces, value=self.value)

    def get_line(self, line_id: UUID) -> OrderLine:
        """Return one of the lines.

        Raises:
            LineNotFound: the order has no such line.
        """
        for line in self.lines:
            if line.id == line_id:
                return line
        raise LineNotFound(line_id=line_id)

    def submit(self, *, on: date) -> OrderSubmitted:
        """Ask for the goods."""
        self.state = OrderLifecycle.submit(self.state)
        self.submitted_on = on
        return OrderSubmitted(
            order_id=self.id,
            partner_id=self.partner_id,
            lines=self._told_lines(self.lines),
            ordered_on=self.ordered_on,
        )

    def accept(self, replies: Sequence[Reply], *, on: date) -> OrderAccepted:
        """Promise the goods, as the lines are answered.

        Raises:
            LinesNotAnsweredOnce: a line has no answer, or two, or is not of this order.
            ChangeNotTold: a reply's change does not fit its answer.
            NothingAccepted: every line is rejected.
        """
        self.state = OrderLifecycle.accept(self.state)
        self._answer_lines(replies)
        promised = [line for line in self.lines if line.pieces_to_make]
        if not promised:
            raise NothingAccepted
        self.accepted_on = on
        return OrderAccepted(
            order_id=self.id,
            partner_id=self.partner_id,
            lines=self._told_lines(promised),
            accepted_on=on,
        )

    def reject(self, *, on: date, reason: str) -> OrderRejected:
        """Refuse to make any of it."""
        self.state = OrderLifecycle.reject(self.state)
        self.ended_on, self.reason = on, reason
        return OrderRejected(order_id=self.id, partner_id=self.partner_id, rejected_on=on)

    def cancel(self, *, on: date, reason: str) -> OrderCancelled:
        """Call the order off, before anybody works for it."""
        self.state = OrderLifecycle.cancel(self.state)
        self.ended_on, self.reason = on, reason
        return OrderCancelled(order_id=self.id, partner_id=self.partner_id, cancelled_on=on)

    def start(self, *, on: date) -> OrderProductionStarted:
        """Note that work was given out."""
        self.state = OrderLifecycle.start(self.state)
        self.started_on = on
        return OrderProductionStarted(order_id=self.id, started_on=on)

    def ship(self, *, pieces: int, on: date) -> OrderShipped:
        """Note that `pieces` left, in this shipment.

        Raises:
            MoreShippedThanOrdered: more would have left than was promised.
        """
        state = OrderLifecycle.ship(self.state)
        if self.shipped_pieces + pieces > self.pieces:
            raise MoreShippedThanOrdered(
                pieces=pieces, shipped=self.shipped_pieces, ordered=self.pieces
            )
        self.state, self.shipped_on = state, on
        self.shipped_pieces += pieces
        return OrderShipped(
            order_id=self.id, partner_id=self.partner_id, pieces=pieces, shipped_on=on
        )

    def deliver(self, *, on: date) -> OrderDelivered:
        """Note that the partner has the goods."""
        self.state = OrderLifecycle.deliver(self.state)
        self.delivered_on = on
        return OrderDelivered(order_id=self.id, partner_id=self.partner_id, delivered_on=on)

    def close(self, *, on: date) -> OrderClosed:
        """Note that nothing is open any more."""
        self.state = OrderLifecycle.close(self.state)
        self.closed_on = on
        return OrderClosed(order_id=self.id, partner_id=self.partner_id, closed_on=on)

    def _answer_lines(self, replies: Sequence[Reply]) -> None:
        by_line = {reply.line_id: reply for reply in replies}
        if len(by_line) < len(replies) or by_line.keys() != {line.id for line in self.lines}:
            raise LinesNotAnsweredOnce
        for line in self.lines:
            line.reply(by_line[line.id])

    @staticmethod
    def _told_lines(lines: Iterable[OrderLine]) -> tuple[LineOrdered, ...]:
        return tuple(line.told() for line in lines)
