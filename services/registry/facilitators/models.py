"""Pendamping: PKH's facilitators, their areas and targets, and the families entrusted to them."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from kernel.db import Aggregate
from kernel.fields import EARLIEST
from services.registry.db import Table
from services.registry.facilitators.problems import AreaEndsBeforeItBegan, EndsBeforeAssignment
from services.registry.regions.models import CODE, lies_in

DEFAULT_TARGET = 10
"""Graduations a pendamping a year (Kemensos and KemenKopUKM, 20 March 2025)."""


class Facilitator(Aggregate, Table, table=True):
    """A pendamping; `area_code` is the region of the office, and the first area of work.

    `yearly_target` is this person's own, in graduations a year; None: everybody's.
    """

    __tablename__ = "facilitators"

    employee_number: str = Field(max_length=64, unique=True)
    name: bytes
    area_code: str = Field(max_length=13, foreign_key="regions.code", index=True)
    yearly_target: int | None = None

    __table_args__ = (sa.CheckConstraint("yearly_target >= 0", name="yearly_target"),)


class FacilitatorArea(Aggregate, Table, table=True):
    """A region in which a pendamping works, from a day on and until the day before another."""

    __tablename__ = "facilitator_areas"

    facilitator_id: UUID = Field(foreign_key="facilitators.id", index=True)
    area_code: str = Field(sa_type=CODE, foreign_key="regions.code", index=True)
    valid_from: date = EARLIEST
    valid_until: date | None = None

    __table_args__ = (sa.CheckConstraint("valid_until > valid_from", name="validity"),)

    def covers(self, desa_code: str, *, on: date) -> bool:
        """Tell whether a desa lies in the area on a day."""
        begun = self.valid_from <= on and (self.valid_until is None or on < self.valid_until)
        return begun and lies_in(desa_code, self.area_code)

    def end(self, *, on: date) -> None:
        """Let another pendamping work there from `on` on.

        Raises:
            AreaEndsBeforeItBegan: the day is not after the first one.
        """
        if on <= self.valid_from:
            raise AreaEndsBeforeItBegan(valid_from=self.valid_from.isoformat())
        self.valid_until = on


class Graduation(Table, table=True):
    """A family that graduated, and in whose caseload; `reversed_on`: it fell back."""

    __tablename__ = "facilitator_graduations"

    household_id: UUID = Field(foreign_key="households.id", primary_key=True)
    graduated_on: date = Field(primary_key=True)
    facilitator_id: UUID | None = Field(default=None, foreign_key="facilitators.id")
    reversed_on: date | None = None

    __table_args__ = (
        sa.Index(
            "ix_facilitator_graduations_graduated_on_facilitator_id",
            "graduated_on",
            "facilitator_id",
        ),
    )


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
        sa.Index(
            "ix_caseload_assignments_current",
            "facilitator_id",
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

    def resume(self) -> None:
        """Go on as if it had not ended: the merge that ended it is undone."""
        self.ended_on = None
