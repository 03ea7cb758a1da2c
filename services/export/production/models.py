"""Work orders of groups, and the product lots they deliver: where every piece is counted."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from contracts.export import DefectFound, LotAccepted, LotDelivered, LotRejected
from kernel.db import Aggregate, state_column
from services.export.db import Table
from services.export.production.lifecycle import (
    LotLifecycle,
    LotState,
    WorkOrderLifecycle,
    WorkOrderState,
)
from services.export.production.problems import (
    DeliveredBeforeOpened,
    MakerNotInLot,
    MoreThanMade,
    MoreThanOrdered,
    MoreThanSetAside,
    NotEnoughToPack,
    NothingLeftInLot,
    WorkOrderNotOpen,
)

LOT_NUMBERS = sa.Sequence("lot_number", metadata=Table.metadata)


class WorkOrder(Aggregate, Table, table=True):
    """How many pieces of an order line one group makes.

    Rejected pieces may be made again: what is pending or accepted never exceeds `pieces`.
    """

    __tablename__ = "work_order"
    __table_args__ = (
        sa.UniqueConstraint("line_id", "group_id"),
        sa.CheckConstraint("pieces >= 1", name="pieces"),
        sa.CheckConstraint(
            "accepted >= 0 AND rejected >= 0 AND accepted + rejected <= delivered", name="settled"
        ),
        sa.CheckConstraint("delivered - rejected <= pieces", name="within_order"),
    )

    order_id: UUID = Field(foreign_key="purchase_order.id", index=True)
    line_id: UUID = Field(foreign_key="order_line.id")
    product_id: UUID = Field(foreign_key="product.id")
    group_id: UUID = Field(index=True)
    pieces: int
    delivered: int = 0
    accepted: int = 0
    rejected: int = 0
    opened_on: date
    due_on: date
    state: WorkOrderState = Field(default=WorkOrderState.OPEN, sa_type=state_column(WorkOrderState))

    @property
    def open_pieces(self) -> int:
        """Return how many pieces may still be delivered."""
        return self.pieces - self.delivered + self.rejected

    def take(self, pieces: int, *, on: date) -> None:
        """Count a delivery.

        Raises:
            WorkOrderNotOpen, DeliveredBeforeOpened, MoreThanOrdered: it cannot be taken in.
        """
        if self.state is not WorkOrderState.OPEN:
            raise WorkOrderNotOpen(state=self.state.value)
        if on < self.opened_on:
            raise DeliveredBeforeOpened(opened_on=self.opened_on.isoformat())
        if pieces > self.open_pieces:
            raise MoreThanOrdered(pieces=pieces, open_pieces=self.open_pieces)
        self.delivered += pieces

    def settle(self, *, accepted: int, rejected: int) -> None:
        """Count a lot's final result; the last accepted piece finishes an open work order."""
        self.accepted += accepted
        self.rejected += rejected
        if self.state is WorkOrderState.OPEN and self.accepted == self.pieces:
            self.state = WorkOrderLifecycle.finish(self.state)

    def cancel(self) -> None:
        """Take nothing more in; what was delivered is still inspected and paid."""
        self.state = WorkOrderLifecycle.cancel(self.state)


class LotMaker(Table, table=True):
    """How many pieces of a lot one family made, and what became of them."""

    __tablename__ = "lot_maker"
    __table_args__ = (
        sa.CheckConstraint("pieces >= 1 AND days_worked >= 1", name="pieces"),
        sa.CheckConstraint("set_aside BETWEEN 0 AND pieces", name="set_aside"),
        sa.CheckConstraint(
            "accepted >= 0 AND rejected >= 0 AND accepted + rejected IN (0, pieces)", name="settled"
        ),
    )

    lot_id: UUID = Field(primary_key=True, foreign_key="product_lot.id")
    household_id: UUID = Field(primary_key=True, index=True)
    pieces: int
    days_worked: int
    set_aside: int = 0
    accepted: int = 0
    rejected: int = 0

    def put_aside(self, pieces: int) -> None:
        """Take defective pieces out of the lot.

        Raises:
            MoreThanMade: the maker has fewer left in it.
        """
        left = self.pieces - self.set_aside
        if pieces > left:
            raise MoreThanMade(household_id=str(self.household_id), pieces=pieces, left=left)
        self.set_aside += pieces

    def put_back(self, pieces: int) -> None:
        """Bring repaired pieces back into the lot.

        Raises:
            MoreThanSetAside: fewer were set aside.
        """
        if pieces > self.set_aside:
            raise MoreThanSetAside(
                household_id=str(self.household_id), pieces=pieces, set_aside=self.set_aside
            )
        self.set_aside -= pieces

    def settle(self, *, rejected: int) -> None:
        """Say finally how many pieces failed; the others are accepted."""
        self.rejected = rejected
        self.accepted = self.pieces - rejected


class Lot(Aggregate, Table, table=True):
    """One delivery of a group: the unit that is inspected, packed and traced.

    `set_aside` pieces were found defective and are out of the lot until repaired. The makers'
    counts always add up to the lot's.
    """

    __tablename__ = "product_lot"
    __table_args__ = (
        sa.CheckConstraint("pieces >= 1", name="pieces"),
        sa.CheckConstraint("set_aside BETWEEN 0 AND pieces", name="set_aside"),
        sa.CheckConstraint(
            "accepted >= 0 AND rejected >= 0 AND"
            " accepted + rejected = CASE WHEN settled_on IS NULL THEN 0 ELSE pieces END",
            name="settled",
        ),
        sa.CheckConstraint("packed BETWEEN 0 AND accepted", name="packed"),
    )

    lot_number: str = Field(unique=True)
    reference: str = Field(unique=True)
    work_order_id: UUID = Field(foreign_key="work_order.id", index=True)
    order_id: UUID = Field(index=True)
    product_id: UUID
    group_id: UUID
    pieces: int
    set_aside: int = 0
    accepted: int = 0
    rejected: int = 0
    packed: int = 0
    delivered_on: date
    settled_on: date | None = None
    scrap_reason: str | None = None
    state: LotState = Field(default=LotState.DELIVERED, sa_type=state_column(LotState))

    @property
    def present(self) -> int:
        """Return how many pieces lie in the lot: the size to inspect."""
        return self.pieces - self.set_aside

    def deliver(self) -> LotDelivered:
        """Tell of a new lot."""
        return LotDelivered(
            lot_id=self.id,
            order_id=self.order_id,
            group_id=self.group_id,
            pieces=self.pieces,
            delivered_on=self.delivered_on,
        )

    def inspect(self) -> None:
        """Lay the lot before an inspector.

        Raises:
            NothingLeftInLot: every piece was set aside.
        """
        following = LotLifecycle.inspect(self.state)
        if self.present == 0:
            raise NothingLeftInLot(pieces=self.pieces)
        self.state = following

    def put_aside(self, makers: Sequence[LotMaker], pieces: Mapping[UUID, int]) -> None:
        """Take defective pieces out of the lot, by maker.

        Raises:
            MakerNotInLot, MoreThanMade: they are not in it.
        """
        for maker, count in _matched(makers, pieces):
            maker.put_aside(count)
        self.set_aside += sum(pieces.values())

    def accept(self, makers: Sequence[LotMaker], *, on: date) -> LotAccepted:
        """Pass the lot: what was set aside is rejected, the rest accepted, maker by maker."""
        self.state = LotLifecycle.accept(self.state)
        for maker in makers:
            maker.settle(rejected=maker.set_aside)
        self._settle(makers, on=on)
        return LotAccepted(
            lot_id=self.id,
            order_id=self.order_id,
            group_id=self.group_id,
            accepted_pieces=self.accepted,
            rejected_pieces=self.rejected,
            accepted_on=on,
        )

    def hold(self, *, on: date, defects: tuple[DefectFound, ...]) -> LotRejected:
        """Keep back a lot that failed; the group reworks it, or it is scrapped."""
        self.state = LotLifecycle.hold(self.state)
        return self._rejection(on=on, defects=defects, final=False)

    def rework(self, makers: Sequence[LotMaker], *, repaired: Mapping[UUID, int]) -> None:
        """Bring repaired pieces back and offer the lot again.

        Raises:
            MakerNotInLot, MoreThanSetAside: they were not set aside.
        """
        following = LotLifecycle.rework(self.state)
        for maker, count in _matched(makers, repaired):
            maker.put_back(count)
        self.set_aside -= sum(repaired.values())
        self.state = following

    def scrap(
        self,
        makers: Sequence[LotMaker],
        *,
        on: date,
        reason: str,
        defects: tuple[DefectFound, ...],
    ) -> LotRejected:
        """Reject every piece, finally."""
        self.state = LotLifecycle.scrap(self.state)
        self.scrap_reason = reason
        for maker in makers:
            maker.settle(rejected=maker.pieces)
        self._settle(makers, on=on)
        return self._rejection(on=on, defects=defects, final=True)

    def pack(self, pieces: int) -> None:
        """Put accepted pieces into cartons.

        Raises:
            NotEnoughToPack: fewer are accepted and not yet packed.
        """
        left = self.accepted - self.packed
        if pieces > left:
            raise NotEnoughToPack(lot_number=self.lot_number, pieces=pieces, left=left)
        self.packed += pieces

    def _settle(self, makers: Sequence[LotMaker], *, on: date) -> None:
        self.accepted = sum(maker.accepted for maker in makers)
        self.rejected = sum(maker.rejected for maker in makers)
        self.settled_on = on

    def _rejection(self, *, on: date, defects: tuple[DefectFound, ...], final: bool) -> LotRejected:
        return LotRejected(
            lot_id=self.id,
            order_id=self.order_id,
            group_id=self.group_id,
            pieces=self.pieces,
            defects=defects,
            rejected_on=on,
            final=final,
        )


def _matched(makers: Sequence[LotMaker], pieces: Mapping[UUID, int]) -> list[tuple[LotMaker, int]]:
    by_household = {maker.household_id: maker for maker in makers}
    for household_id in pieces:
        if household_id not in by_household:
            raise MakerNotInLot(household_id=str(household_id))
    return [(by_household[household_id], count) for household_id, count in pieces.items()]
