"""What is kept of a family's income and work, as events and officers told it."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from kernel.db import Aggregate
from kernel.money import Money, rupiah
from services.empowerment.db import Table

AMOUNT = sa.Numeric(18, 2)


class IncomeVerification(Aggregate, Table, table=True):
    """Income beside the platform's pay, looked into by an officer and proved by a document."""

    __tablename__ = "income_verification"
    __table_args__ = (
        sa.CheckConstraint("monthly_idr > 0", name="amount_positive"),
        sa.CheckConstraint("months > 0", name="months_positive"),
    )

    household_id: UUID = Field(foreign_key="candidate.id", index=True)
    source: str
    monthly_idr: Decimal = Field(sa_type=AMOUNT)
    months: int
    verified_on: date
    verified_by: str
    document_number: str = Field(unique=True)

    @property
    def monthly_amount(self) -> Money:
        """The income a month."""
        return rupiah(self.monthly_idr)


class PaidSlip(Table, table=True):
    """A family was paid, as the export service told."""

    __tablename__ = "paid_slip"
    __table_args__ = (sa.Index(None, "household_id", "paid_on"),)

    slip_id: UUID = Field(primary_key=True)
    household_id: UUID
    amount: Decimal = Field(sa_type=AMOUNT)
    currency: str
    paid_on: date


class JudgedWork(Table, table=True):
    """How many of a family's pieces of one lot were accepted and rejected."""

    __tablename__ = "judged_work"
    __table_args__ = (sa.Index(None, "household_id", "earned_on"),)

    earning_id: UUID = Field(primary_key=True)
    household_id: UUID
    accepted_pieces: int
    rejected_pieces: int
    earned_on: date
