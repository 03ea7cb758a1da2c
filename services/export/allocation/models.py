"""A plan that divides an order line over groups, and says why each share is what it is."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, Relationship, col

from contracts.export import AllocationAccepted
from kernel.db import Aggregate, state_column
from services.export.allocation.lifecycle import AllocationLifecycle, AllocationState
from services.export.allocation.problems import SharesDoNotSum
from services.export.allocation.shares import Basis
from services.export.db import Table


class AllocationShare(Table, table=True):
    """A group's part of the line, with the figures it was decided by."""

    __tablename__ = "allocation_share"
    __table_args__ = (sa.CheckConstraint("pieces > 0", name="pieces"),)

    allocation_id: UUID = Field(foreign_key="allocation.id", primary_key=True)
    group_id: UUID = Field(foreign_key="capacity_group.group_id", primary_key=True)
    pieces: int
    basis: Basis = Field(sa_type=state_column(Basis))
    makers: int
    weekly_pieces: int
    free_pieces: int
    earlier_pieces: int


class Allocation(Aggregate, Table, table=True):
    """The plan of one order line; the sum of its shares is the line's pieces, always."""

    __tablename__ = "allocation"
    __table_args__ = (
        sa.CheckConstraint("pieces > 0", name="pieces"),
        sa.Index(
            "uq_allocation_line_id_not_discarded",
            "line_id",
            unique=True,
            postgresql_where=sa.text("state <> 'discarded'"),
        ),
    )

    order_id: UUID = Field(foreign_key="purchase_order.id", index=True)
    line_id: UUID = Field(foreign_key="order_line.id")
    state: AllocationState = Field(
        default=AllocationState.PLANNED, sa_type=state_column(AllocationState)
    )
    pieces: int
    due_on: date
    planned_on: date
    accepted_on: date | None = None

    shares: list[AllocationShare] = Relationship(
        sa_relationship_kwargs={
            "lazy": "selectin",
            "order_by": lambda: col(AllocationShare.group_id),
            "cascade": "all, delete-orphan",
        }
    )

    def guard_shares(self, pieces: Iterable[int]) -> None:
        """Guard an adjustment.

        Raises:
            IllegalMove: the plan is not open any more.
            SharesDoNotSum: the pieces are not the line's together.
        """
        AllocationLifecycle.adjust(self.state)
        given = sum(pieces)
        if given != self.pieces:
            raise SharesDoNotSum(given=given, pieces=self.pieces)

    def adjust(self, shares: Sequence[AllocationShare]) -> None:
        """Replace the shares by others that a person chose.

        Raises:
            IllegalMove, SharesDoNotSum: they cannot be this plan's.
        """
        self.guard_shares(share.pieces for share in shares)
        self.state = AllocationLifecycle.adjust(self.state)
        self.shares = list(shares)

    def accept(self, *, on: date) -> AllocationAccepted:
        """Bind the groups' weeks and let the work be given out."""
        self.state = AllocationLifecycle.accept(self.state)
        self.accepted_on = on
        return AllocationAccepted(
            allocation_id=self.id,
            order_id=self.order_id,
            line_id=self.line_id,
            groups=len(self.shares),
            pieces=self.pieces,
        )

    def discard(self) -> None:
        """Give the plan up; the line can be planned anew."""
        self.state = AllocationLifecycle.discard(self.state)
