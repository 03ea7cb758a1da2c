"""How many graduations a year are wanted of a pendamping: facts with a day, never a constant."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from kernel.db import Aggregate
from services.registry.db import Table


class FacilitatorTarget(Aggregate, Table, table=True):
    """How many graduations a year are wanted, of one pendamping or, without one, of each.

    The newest of a year counts: by the day since when it holds, then by when it was recorded.
    """

    __tablename__ = "facilitator_targets"

    facilitator_id: UUID | None = Field(default=None, foreign_key="facilitators.id")
    year: int
    target: int
    effective_on: date
    set_by: str = Field(max_length=200)

    __table_args__ = (
        sa.Index("ix_facilitator_targets_year_facilitator_id", "year", "facilitator_id"),
        sa.CheckConstraint("target >= 0", name="target"),
    )
