"""What events tell of a family that a loan officer would ask about."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from services.financing.db import Table


class Evidence(Table, table=True):
    """One family: where it lives, its women, its skill, its work and whether it graduated."""

    __table_args__ = (
        sa.CheckConstraint("accepted_pieces >= 0 AND rejected_pieces >= 0", name="pieces"),
    )

    household_id: UUID = Field(primary_key=True)
    desa_code: str | None = Field(default=None, max_length=13)
    adult_women: int = 0
    decile: int | None = None
    grade: str | None = Field(default=None, max_length=1)
    accepted_pieces: int = 0
    rejected_pieces: int = 0
    graduated_on: date | None = None


class PaidMonth(Table, table=True):
    """What a family was paid in one month, in IDR."""

    __tablename__ = "paid_month"
    __table_args__ = (sa.CheckConstraint("amount >= 0", name="amount"),)

    household_id: UUID = Field(primary_key=True)
    month: date = Field(primary_key=True)
    amount: Decimal = Field(max_digits=18, decimal_places=2)


class GroupMembership(Table, table=True):
    """Which families a working group has."""

    __tablename__ = "group_membership"

    group_id: UUID = Field(primary_key=True)
    household_id: UUID = Field(primary_key=True, index=True)
