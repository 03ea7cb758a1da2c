"""The ledger of DTSEN deciles: what BPS ranked, never what we would compute."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from contracts.registry import DecileRecorded
from kernel.db import Aggregate, state_column, utc_column
from services.registry.db import Table
from services.registry.regions.models import CODE

BELIEVED = "superseded_at IS NULL"


class Source(StrEnum):
    """Who ranks families; Presidential Instruction 4/2025 names Statistics Indonesia alone."""

    BPS = "BPS"


class DecileRecord(Aggregate, Table, table=True):
    """A family's decile in one quarterly cycle, "2025Q1"; 1 is the poorest tenth.

    We believed it from `recorded_at` on and until `superseded_at`, when a correction took its
    place; None: still. `desa_code` is where the family lived when it was recorded.
    """

    __tablename__ = "decile_records"

    household_id: UUID = Field(foreign_key="households.id")
    cycle: str = Field(max_length=6)
    decile: int
    reference_date: date
    source: Source = Field(sa_type=state_column(Source))
    desa_code: str = Field(sa_type=CODE)
    delivery_id: UUID | None = Field(default=None, foreign_key="dtsen_deliveries.id")
    superseded_at: datetime | None = Field(default=None, sa_type=utc_column())

    __table_args__ = (
        sa.Index(
            "uq_decile_records_household_id_cycle",
            "household_id",
            "cycle",
            unique=True,
            postgresql_where=sa.text(BELIEVED),
        ),
        sa.Index("ix_decile_records_household_id_recorded_at", "household_id", "recorded_at"),
        sa.Index("ix_decile_records_cycle_desa_code", "cycle", "desa_code"),
        sa.Index("ix_decile_records_delivery_id_household_id", "delivery_id", "household_id"),
        sa.CheckConstraint("decile BETWEEN 1 AND 10", name="decile"),
        sa.CheckConstraint("superseded_at >= recorded_at", name="belief"),
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
