"""How long a family's data is kept, what holds it, and who decided that it be forgotten."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from contracts.registry import HouseholdErased
from kernel.db import Aggregate, state_column, utc_column
from services.registry.db import Table
from services.registry.sharing.erasure.lifecycle import (
    ErasureLifecycle,
    HoldLifecycle,
    HoldState,
    State,
)
from services.registry.sharing.erasure.problems import RuleEndsTooEarly
from services.registry.sharing.problems import SecondPersonNeeded


class Reason(StrEnum):
    """Why a family is forgotten."""

    SUBJECT_REQUEST = "subject_request"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    RETENTION_EXPIRED = "retention_expired"
    UNLAWFUL = "unlawful"


class DataKind(StrEnum):
    """What a retention rule speaks of; each is counted from another day."""

    CLOSED_HOUSEHOLD = "closed_household"
    """What names a family, from the day of its closing on; a person decides about each."""
    ENDED_CONSENT = "ended_consent"
    """A consent, from the day on which it ended; deleted by itself."""


class Erasure(Aggregate, Table, table=True):
    """A request that a family be forgotten, decided by a second person."""

    __tablename__ = "erasures"
    __table_args__ = (
        sa.Index(
            "uq_erasures_requested",
            "household_id",
            unique=True,
            postgresql_where=sa.text("state = 'requested'"),
        ),
    )

    household_id: UUID = Field(foreign_key="households.id", index=True)
    reason: Reason = Field(sa_type=state_column(Reason))
    reference: str = Field(max_length=64)
    requested_by: str = Field(max_length=200)
    decided_by: str | None = Field(default=None, max_length=200)
    decided_at: datetime | None = Field(default=None, sa_type=utc_column())
    state: State = Field(default=State.REQUESTED, sa_type=state_column(State))

    def carry_out(self, *, by: str, at: datetime) -> None:
        """Decide that the family is forgotten.

        Raises:
            SecondPersonNeeded: who requested it does not decide.
        """
        self._decide(ErasureLifecycle.carry_out(self.state), by, at)

    def told(self, household_id: UUID, *, on: date) -> HouseholdErased:
        """Return what the world may know: which family, when, and why by a code."""
        return HouseholdErased(household_id=household_id, erased_on=on, reason=self.reason)

    def refuse(self, *, by: str, at: datetime) -> None:
        """Decide that the data stays.

        Raises:
            SecondPersonNeeded: who requested it does not decide.
        """
        self._decide(ErasureLifecycle.refuse(self.state), by, at)

    def _decide(self, state: State, by: str, at: datetime) -> None:
        if by == self.requested_by:
            raise SecondPersonNeeded
        self.state, self.decided_by, self.decided_at = state, by, at


class LegalHold(Aggregate, Table, table=True):
    """An order under which a family's data must not be destroyed."""

    __tablename__ = "legal_holds"

    household_id: UUID = Field(foreign_key="households.id", index=True)
    reference: str = Field(max_length=64)
    placed_by: str = Field(max_length=200)
    placed_on: date
    lifted_by: str | None = Field(default=None, max_length=200)
    state: HoldState = Field(default=HoldState.HELD, sa_type=state_column(HoldState))

    def lift(self, *, by: str) -> None:
        """Let the data go its way again."""
        self.state, self.lifted_by = HoldLifecycle.lift(self.state), by


class RetentionRule(Aggregate, Table, table=True):
    """How long a purpose needs a kind of data; it is kept as long as any purpose needs it."""

    __tablename__ = "retention_rules"
    __table_args__ = (sa.CheckConstraint("keep_months >= 0", name="months"),)

    data_kind: DataKind = Field(sa_type=state_column(DataKind))
    purpose: str = Field(max_length=40)
    keep_months: int
    legal_basis: str = Field(max_length=500)
    valid_from: date
    valid_until: date | None = None

    def end(self, *, on: date) -> None:
        """Let the rule hold until a day, and no longer.

        Raises:
            RuleEndsTooEarly: the day lies before the rule.
        """
        if on < self.valid_from:
            raise RuleEndsTooEarly(valid_from=self.valid_from.isoformat())
        self.valid_until = on
