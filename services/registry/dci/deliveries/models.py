"""What is POSTed to partners: answers and notifications; never what they say, only what about."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field
from typing_extensions import TypedDict

from kernel.parcels import Parcel, ParcelState, Target
from services.registry.db import Table
from services.registry.dci.deliveries.problems import StillWaiting


class Told(TypedDict):
    """One event of one family, by its id; which event the subscription says."""

    household_id: str
    at: str


class Delivery(Parcel, Table, table=True):
    """One callback; its body is made for each attempt, of what may be told at that moment."""

    __tablename__ = "dci_deliveries"
    __table_args__ = (
        sa.Index(
            "ix_dci_deliveries_waiting",
            "stream",
            "id",
            postgresql_where=sa.text("state = 'waiting'"),
        ),
        sa.Index("ix_dci_deliveries_ended_at", "ended_at"),
        sa.CheckConstraint("(exchange_id IS NULL) <> (subscription_id IS NULL)", name="one_origin"),
    )

    organisation: str = Field(max_length=100, index=True)
    action: str = Field(max_length=32)
    exchange_id: UUID | None = Field(default=None, foreign_key="dci_exchanges.id", index=True)
    subscription_id: UUID | None = Field(
        default=None, foreign_key="dci_subscriptions.id", index=True
    )
    about: list[Told] = Field(default_factory=list, sa_type=JSONB)

    def resend(self, *, at: datetime) -> None:
        """Try again, with all the attempts.

        Raises:
            StillWaiting: it is being tried anyway.
        """
        if self.state is ParcelState.WAITING:
            raise StillWaiting(due_at=self.due_at.isoformat())
        self.send_again(at=at)


class CallbackTarget(Target, Table, table=True):
    """How a partner's address has been answering."""

    __tablename__ = "dci_targets"
