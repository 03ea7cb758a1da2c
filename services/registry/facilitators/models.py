"""Pendamping: PKH's facilitators, and the families entrusted to them."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from kernel.db import Aggregate
from services.registry.db import Table
from services.registry.facilitators.problems import EndsBeforeAssignment
from services.registry.regions.models import lies_in


class Facilitator(Aggregate, Table, table=True):
    """A pendamping, who works in one area; `yearly_target` is in graduations a year."""

    __tablename__ = "facilitators"

    employee_number: str = Field(max_length=64, unique=True)
    name: bytes
    area_code: str = Field(max_length=13, foreign_key="regions.code", index=True)
    yearly_target: int

    __table_args__ = (sa.CheckConstraint("yearly_target >= 0", name="yearly_target"),)

    def covers(self, desa_code: str) -> bool:
        """Tell whether a desa lies in the area."""
        return lies_in(desa_code, self.area_code)


class Assignment(Aggregate, Table, table=True):
    """A family in a caseload from one day until another; a family is in at most one at a time."""

    __tablename__ = "caseload_assignments"

    facilitator_id: UUID = Field(foreign_key="facilitators.id", index=True)
    household_id: UUID = Field(foreign_key="households.id", index=True)
    assigned_on: date
    ended_on: date | None = None

    __table_args__ = (
        sa.Index(
            "uq_caseload_assignments_household_id",
            "household_id",
            unique=True,
            postgresql_where=sa.text("ended_on IS NULL"),
        ),
        sa.CheckConstraint("ended_on >= assigned_on", name="days"),
    )

    def end(self, *, on: date) -> None:
        """Let the family go to another caseload, or out of the registry.

        Raises:
            EndsBeforeAssignment: the day lies before the assignment.
        """
        if on < self.assigned_on:
            raise EndsBeforeAssignment(assigned_on=self.assigned_on.isoformat())
        self.ended_on = on
