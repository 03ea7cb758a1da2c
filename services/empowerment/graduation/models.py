"""Criteria, and proposals to graduate a family."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from pydantic import JsonValue
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from contracts.empowerment import ExitKind, GraduationApproved, GraduationReversed
from kernel.db import Aggregate, state_column
from services.empowerment.db import Table
from services.empowerment.graduation.lifecycle import ProposalLifecycle, State
from services.empowerment.graduation.problems import DecidedTooEarly, SamePerson


class CriteriaSet(Aggregate, Table, table=True):
    """A versioned set of criteria; never changed, only followed by another."""

    __tablename__ = "graduation_criteria"
    __table_args__ = (
        sa.CheckConstraint("minimum_readiness BETWEEN 0 AND 1", name="minimum_is_a_share"),
    )

    edition: str = Field(unique=True)
    effective_from: date = Field(index=True)
    minimum_readiness: Decimal = Field(sa_type=sa.Numeric(3, 2))
    criteria: list[JsonValue] = Field(sa_type=JSONB)


class Proposal(Aggregate, Table, table=True):
    """A pendamping's proposal, with the readiness that it was made on, and who decided what."""

    __tablename__ = "graduation_proposal"
    __table_args__ = (
        sa.Index(
            "uq_graduation_proposal_live",
            "household_id",
            unique=True,
            postgresql_where=sa.text("state IN ('proposed', 'approved')"),
        ),
        sa.Index(None, "facilitator_id", "proposed_on"),
        sa.Index(None, "household_id"),
        sa.CheckConstraint("decided_by <> proposed_by", name="second_person"),
    )

    household_id: UUID = Field(foreign_key="candidate.id")
    facilitator_id: UUID | None = None
    exit_kind: ExitKind = Field(sa_type=state_column(ExitKind))
    proposed_on: date
    proposed_by: str
    note: str | None = None
    criteria_version: str
    readiness: Decimal = Field(sa_type=sa.Numeric(3, 2))
    ready: bool
    snapshot: dict[str, JsonValue] = Field(sa_type=JSONB)
    state: State = Field(default=State.PROPOSED, sa_type=state_column(State))
    decided_on: date | None = None
    decided_by: str | None = None
    reason: str | None = None
    reversed_on: date | None = None
    reversed_by: str | None = None
    reversal_reason: str | None = None

    def approve(self, *, on: date, by: str, reason: str) -> GraduationApproved:
        """Decide that the family graduates; raises SamePerson, DecidedTooEarly."""
        state = ProposalLifecycle.approve(self.state)
        self._decide(on=on, by=by, reason=reason)
        self.state = state
        return GraduationApproved(
            proposal_id=self.id,
            household_id=self.household_id,
            exit_kind=self.exit_kind,
            decided_on=on,
            criteria_version=self.criteria_version,
        )

    def refuse(self, *, on: date, by: str, reason: str) -> None:
        """Decide that the family does not graduate now; raises SamePerson, DecidedTooEarly."""
        state = ProposalLifecycle.refuse(self.state)
        self._decide(on=on, by=by, reason=reason)
        self.state = state

    def reverse(self, *, on: date, by: str, reason: str) -> GraduationReversed:
        """Return a family that fell back to aid; raises SamePerson, DecidedTooEarly."""
        state = ProposalLifecycle.reverse(self.state)
        self._require_second_person(by)
        if self.decided_on is not None and on < self.decided_on:
            raise DecidedTooEarly(since=self.decided_on)
        self.state = state
        self.reversed_on, self.reversed_by, self.reversal_reason = on, by, reason
        return GraduationReversed(
            proposal_id=self.id, household_id=self.household_id, reversed_on=on
        )

    def _decide(self, *, on: date, by: str, reason: str) -> None:
        self._require_second_person(by)
        if on < self.proposed_on:
            raise DecidedTooEarly(since=self.proposed_on)
        self.decided_on, self.decided_by, self.reason = on, by, reason

    def _require_second_person(self, subject: str) -> None:
        if subject == self.proposed_by:
            raise SamePerson
