"""Visits by pendamping and instructors, to a family or to a group."""

from datetime import date
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from pydantic import JsonValue
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from kernel.db import Aggregate, state_column
from services.empowerment.db import Table
from services.empowerment.mentoring.lifecycle import State, VisitLifecycle
from services.empowerment.mentoring.problems import ClosedTooEarly


class VisitKind(StrEnum):
    """What a visit is about; P2K2 is the family session of PKH."""

    PRODUCTION = "production"
    QUALITY = "quality"
    P2K2 = "p2k2"
    COACHING = "coaching"


class Visit(Aggregate, Table, table=True):
    """A visit; `defects` are what quality control found, where a rejected lot called for it."""

    __tablename__ = "mentoring_visit"
    __table_args__ = (
        sa.CheckConstraint("num_nonnulls(household_id, group_id) = 1", name="one_visited"),
        sa.UniqueConstraint("lot_id", "lot_rejected_on"),
        sa.Index(None, "group_id", "state"),
        sa.Index(None, "household_id"),
    )

    household_id: UUID | None = Field(default=None, foreign_key="candidate.id")
    group_id: UUID | None = Field(default=None, foreign_key="kube.id")
    desa_code: str = Field(index=True)
    kind: VisitKind = Field(sa_type=state_column(VisitKind))
    planned_on: date
    facilitator_id: UUID | None = None
    lot_id: UUID | None = None
    lot_rejected_on: date | None = None
    defects: list[JsonValue] = Field(default_factory=list, sa_type=JSONB)
    state: State = Field(default=State.PLANNED, sa_type=state_column(State))
    visited_on: date | None = None
    findings: str | None = None
    follow_up_due: date | None = None
    closed_on: date | None = None
    outcome: str | None = None

    def record(self, *, on: date, findings: str, follow_up_due: date | None) -> None:
        """Write down what was found."""
        self.state = VisitLifecycle.record(self.state)
        self.visited_on, self.findings, self.follow_up_due = on, findings, follow_up_due

    def close(self, *, on: date, outcome: str) -> None:
        """End it with what came of it; raises ClosedTooEarly."""
        state = VisitLifecycle.close(self.state)
        if self.visited_on is not None and on < self.visited_on:
            raise ClosedTooEarly(visited_on=self.visited_on)
        self.state, self.closed_on, self.outcome = state, on, outcome
