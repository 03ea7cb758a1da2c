"""The ledger of DTSEN deciles: what BPS ranked, never what we would compute."""

from datetime import date
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from contracts.registry import DecileRecorded
from kernel.db import Aggregate, state_column
from services.registry.db import Table


class Source(StrEnum):
    """Who ranks families; Presidential Instruction 4/2025 names Statistics Indonesia alone."""

    BPS = "BPS"


class DecileRecord(Aggregate, Table, table=True):
    """A family's decile in one quarterly cycle, "2025Q1"; 1 is the poorest tenth."""

    __tablename__ = "decile_records"

    household_id: UUID = Field(foreign_key="households.id")
    cycle: str = Field(max_length=6, index=True)
    decile: int
    reference_date: date
    source: Source = Field(sa_type=state_column(Source))

    __table_args__ = (
        sa.UniqueConstraint("household_id", "cycle"),
        sa.CheckConstraint("decile BETWEEN 1 AND 10", name="decile"),
    )

    def told(self) -> DecileRecorded:
        """Return what the world may know of it."""
        return DecileRecorded(
            household_id=self.household_id,
            cycle=self.cycle,
            decile=self.decile,
            reference_date=self.reference_date,
        )


def cycle_of(day: date) -> str:
    """Return the quarterly cycle in which a day lies."""
    return f"{day.year}Q{(day.month + 2) // 3}"
