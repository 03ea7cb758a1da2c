"""What BPS hands over: a ranking or a correction of a DTSEN cycle, with its document."""

from datetime import date
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from kernel.db import Aggregate, state_column
from services.registry.db import Table
from services.registry.dtsen.lifecycle import DeliveryLifecycle, State
from services.registry.dtsen.problems import DeliveryIsEmpty, SecondPersonNeeded
from services.registry.welfare.problems import DecileDiffers


class DeliveryKind(StrEnum):
    """The first ranking of a cycle, or what BPS corrects in it later."""

    RANKING = "ranking"
    CORRECTION = "correction"


class DtsenDelivery(Aggregate, Table, table=True):
    """A ranking or a correction of one cycle, as BPS handed it over with a document.

    `published_until` is the last family whose new decile the world was told.
    """

    __tablename__ = "dtsen_deliveries"

    cycle: str = Field(max_length=6, index=True)
    kind: DeliveryKind = Field(sa_type=state_column(DeliveryKind))
    reference_date: date
    document_number: str = Field(max_length=64)
    received_on: date
    state: State = Field(default=State.OPEN, sa_type=state_column(State), index=True)
    opened_by: str = Field(max_length=200)
    closed_by: str | None = Field(default=None, max_length=200)
    received: int = 0
    ranked: int = 0
    unknown: int = 0
    recorded: int = 0
    published: int = 0
    published_until: UUID | None = None

    __table_args__ = (
        sa.Index(
            "uq_dtsen_deliveries_cycle",
            "cycle",
            unique=True,
            postgresql_where=sa.text("kind = 'ranking' AND state <> 'discarded'"),
        ),
        sa.Index(
            "uq_dtsen_deliveries_document_number",
            "document_number",
            unique=True,
            postgresql_where=sa.text("state <> 'discarded'"),
        ),
    )

    @property
    def corrects(self) -> bool:
        """Tell whether it may take the place of what the ledger holds."""
        return self.kind is DeliveryKind.CORRECTION

    def count(self, *, received: int, ranked: int, unknown: int) -> None:
        """Note what one batch brought."""
        self.received += received
        self.ranked += ranked
        self.unknown += unknown

    def close(self, *, by: str, differing: int) -> None:
        """Let the worker record it; `differing`: families ranked otherwise in the ledger.

        Raises:
            SecondPersonNeeded: whoever opened it.
            DeliveryIsEmpty: no known family is in it.
            DecileDiffers: a ranking would overwrite; BPS corrects by a correction.
        """
        closed = DeliveryLifecycle.close(self.state)
        if by == self.opened_by:
            raise SecondPersonNeeded
        if self.ranked == 0:
            raise DeliveryIsEmpty
        if differing and not self.corrects:
            raise DecileDiffers(cycle=self.cycle, count=differing)
        self.state, self.closed_by = closed, by

    def discard(self) -> None:
        """Forget a delivery that was opened or filled by mistake."""
        self.state = DeliveryLifecycle.discard(self.state)

    def record(self, *, lines: int) -> None:
        """Note that its lines are in the ledger."""
        self.state, self.recorded = DeliveryLifecycle.record(self.state), lines

    def go_on(self, *, told: int, until: UUID) -> None:
        """Note how far the world was told."""
        self.published += told
        self.published_until = until

    def publish(self) -> None:
        """Note that the whole of it was told."""
        self.state = DeliveryLifecycle.publish(self.state)


class DeliveryLine(Table, table=True):
    """A family's decile in a delivery that is being filled; forgotten when it has been recorded."""

    __tablename__ = "dtsen_lines"

    delivery_id: UUID = Field(foreign_key="dtsen_deliveries.id", primary_key=True)
    household_id: UUID = Field(foreign_key="households.id", primary_key=True)
    decile: int

    __table_args__ = (sa.CheckConstraint("decile BETWEEN 1 AND 10", name="decile"),)
