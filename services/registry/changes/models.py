"""A change that one person asks for and another decides about."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from kernel.auth import Actor
from kernel.db import Aggregate, state_column, utc_column
from services.registry.changes.lifecycle import ChangeLifecycle, State
from services.registry.changes.policies import ChangePolicy
from services.registry.changes.problems import MakerMayNotDecide, NotYourRequest, RequestTooOld
from services.registry.changes.proposal import kind_of
from services.registry.db import Table
from services.registry.households.registration import ChangeReason


class Refusal(StrEnum):
    """Why a change is not made."""

    NOT_PROVEN = "not_proven"
    WRONG = "wrong"
    NOT_NEEDED = "not_needed"


class HouseholdChange(Aggregate, Table, table=True):
    """A request to change a family's record.

    `fields` are pointers. `proposed` and `base`, what was on record when it was made or rebased,
    name persons: they are sealed with the family's key. `household_version` is the version of the
    base, `applied_version` the one that came of it.
    """

    __tablename__ = "household_changes"

    household_id: UUID = Field(foreign_key="households.id", index=True)
    household_version: int
    policy_version: int = Field(foreign_key="change_policies.version")
    fields: list[str] = Field(sa_type=JSONB)
    proposed: bytes
    base: bytes
    reason: ChangeReason = Field(sa_type=state_column(ChangeReason))
    changed_on: date
    state: State = Field(default=State.PROPOSED, sa_type=state_column(State))
    proposed_by: str = Field(max_length=200)
    expires_at: datetime = Field(sa_type=utc_column())
    decided_by: str | None = Field(default=None, max_length=200)
    decided_at: datetime | None = Field(default=None, sa_type=utc_column())
    refusal: Refusal | None = Field(default=None, sa_type=state_column(Refusal))
    applied_version: int | None = None

    __table_args__ = (
        sa.Index(
            "ix_household_changes_expires_at",
            "expires_at",
            postgresql_where=sa.text("state IN ('proposed', 'conflicted')"),
        ),
    )

    def require_decidable(self, policy: ChangePolicy, *, by: Actor, at: datetime) -> None:
        """Guard an approval.

        Raises:
            MakerMayNotDecide: the policy that it was made under asks for a second person.
            RequestTooOld: it outlived its days.
        """
        ChangeLifecycle.approve(self.state)
        if policy.needs_second_person([kind_of(pointer) for pointer in self.fields]):
            self._require_other(by)
        self._require_fresh(at)

    def approve(self, *, by: Actor, at: datetime, version: int) -> None:
        """Note that the change was made, by whose decision, and which version came of it."""
        self.state = ChangeLifecycle.approve(self.state)
        self.decided_by, self.decided_at, self.applied_version = by.subject, at, version

    def refuse(self, reason: Refusal, *, by: Actor, at: datetime) -> None:
        """Decide that the change is not made.

        Raises:
            MakerMayNotDecide: its maker withdraws instead.
        """
        refused = ChangeLifecycle.refuse(self.state)
        self._require_other(by)
        self.state, self.refusal = refused, reason
        self.decided_by, self.decided_at = by.subject, at

    def withdraw(self, *, by: Actor) -> None:
        """Take the request back.

        Raises:
            NotYourRequest: another person made it.
        """
        withdrawn = ChangeLifecycle.withdraw(self.state)
        self._require_maker(by)
        self.state = withdrawn

    def conflict(self) -> None:
        """Note that what it is about was changed meanwhile."""
        self.state = ChangeLifecycle.conflict(self.state)

    def rebase(self, base: bytes, *, version: int, by: Actor, at: datetime) -> None:
        """Ask again for the same, from what is on record now; policy and days stay.

        Raises:
            NotYourRequest: another person made it.
            RequestTooOld: it outlived its days.
        """
        proposed = ChangeLifecycle.rebase(self.state)
        self._require_maker(by)
        self._require_fresh(at)
        self.state, self.base, self.household_version = proposed, base, version

    def expire(self) -> None:
        """Note that nobody decided in time."""
        self.state = ChangeLifecycle.expire(self.state)

    def _require_other(self, actor: Actor) -> None:
        if actor.subject == self.proposed_by:
            raise MakerMayNotDecide

    def _require_maker(self, actor: Actor) -> None:
        if actor.subject != self.proposed_by:
            raise NotYourRequest

    def _require_fresh(self, at: datetime) -> None:
        if at >= self.expires_at:
            raise RequestTooOld(expires_on=self.expires_at.date().isoformat())
