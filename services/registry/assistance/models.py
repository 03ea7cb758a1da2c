"""A family's enrolment in social aid: PKH, staple food, health-insurance contribution."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from contracts.registry import (
    AidScheme,
    AssistanceComponentsEnded,
    AssistanceEnded,
    AssistanceStarted,
)
from kernel.db import Aggregate, state_column
from services.registry.assistance.components import Component, Span
from services.registry.assistance.lifecycle import AssistanceLifecycle, State
from services.registry.assistance.problems import (
    ComponentHasEnded,
    ComponentsOnlyForPkh,
    EndsBeforeStart,
    MemberOnlyForPbi,
)
from services.registry.db import Table

ENDED_BY_GRADUATION = (AidScheme.PKH, AidScheme.SEMBAKO)
"""Aid that a graduated family leaves; its health insurance goes on."""


class Assistance(Aggregate, Table, table=True):
    """Aid of one scheme from one day on; a family has at most one active of a scheme.

    `member_id`: the one person who is insured by PBI JKN; None: the whole family.
    `exit_told_on`: the day on which the world was told that no component of PKH is left.
    """

    __tablename__ = "assistance"

    household_id: UUID = Field(foreign_key="households.id", index=True)
    scheme: AidScheme = Field(sa_type=state_column(AidScheme))
    member_id: UUID | None = None
    components: list[str] = Field(default_factory=list, sa_type=JSONB)
    started_on: date
    state: State = Field(default=State.ACTIVE, sa_type=state_column(State))
    ended_on: date | None = None
    end_reason: str | None = Field(default=None, max_length=60)
    exit_told_on: date | None = None

    __table_args__ = (
        sa.Index(
            "uq_assistance_household_id_scheme_member_id",
            "household_id",
            "scheme",
            "member_id",
            unique=True,
            postgresql_where=sa.text("state = 'active'"),
            postgresql_nulls_not_distinct=True,
        ),
        sa.CheckConstraint("ended_on >= started_on", name="days"),
        sa.CheckConstraint("member_id IS NULL OR scheme = 'pbi_jkn'", name="person"),
    )

    def start(self) -> AssistanceStarted:
        """Begin the aid.

        Raises:
            ComponentsOnlyForPkh: another scheme than PKH names components.
            MemberOnlyForPbi: another scheme than PBI JKN names a person.
        """
        if self.member_id is not None and self.scheme is not AidScheme.PBI_JKN:
            raise MemberOnlyForPbi(scheme=self.scheme.value)
        if self.components and self.scheme is not AidScheme.PKH:
            raise ComponentsOnlyForPkh(scheme=self.scheme.value)
        return AssistanceStarted(
            assistance_id=self.id,
            household_id=self.household_id,
            scheme=self.scheme,
            member_id=self.member_id,
            started_on=self.started_on,
        )

    def end(self, *, on: date, reason: str) -> AssistanceEnded:
        """End the aid.

        Raises:
            EndsBeforeStart: the day lies before the start.
        """
        ended = AssistanceLifecycle.end(self.state)
        if on < self.started_on:
            raise EndsBeforeStart(started_on=self.started_on.isoformat())
        self.state, self.ended_on, self.end_reason = ended, on, reason
        return AssistanceEnded(
            assistance_id=self.id,
            household_id=self.household_id,
            scheme=self.scheme,
            member_id=self.member_id,
            ended_on=on,
            reason=reason,
        )

    def resume(self) -> AssistanceStarted:
        """Go on as if it had not ended: the merge that ended it is undone."""
        self.state = AssistanceLifecycle.resume(self.state)
        self.ended_on = self.end_reason = None
        return self.start()

    def require_pkh(self) -> None:
        """Guard a component.

        Raises:
            ComponentsOnlyForPkh: it is aid of another scheme.
            IllegalMove: the aid has ended.
        """
        if self.scheme is not AidScheme.PKH:
            raise ComponentsOnlyForPkh(scheme=self.scheme.value)
        AssistanceLifecycle.end(self.state)

    def tell_of_the_exit(self, *, on: date) -> AssistanceComponentsEnded:
        """Note that the world is told that no component is left; people decide what follows."""
        self.exit_told_on = on
        return AssistanceComponentsEnded(
            assistance_id=self.id, household_id=self.household_id, observed_on=on
        )


class PkhComponent(Aggregate, Table, table=True):
    """A person of the family whom PKH supports, why, and since when; the last day is excluded."""

    __tablename__ = "pkh_components"

    assistance_id: UUID = Field(foreign_key="assistance.id", index=True)
    household_id: UUID = Field(foreign_key="households.id", index=True)
    member_id: UUID
    component: Component = Field(sa_type=state_column(Component))
    starts_on: date
    ends_on: date | None = None
    end_reason: str | None = Field(default=None, max_length=60)

    __table_args__ = (sa.CheckConstraint("ends_on >= starts_on", name="days"),)

    def span(self) -> Span:
        """Return whom it supports, and when."""
        return Span(self.member_id, self.starts_on, self.ends_on)

    def end(self, *, on: date, reason: str) -> None:
        """End the support of the person: from `on` on.

        Raises:
            ComponentHasEnded: it had, before that day.
            EndsBeforeStart: the day lies before the start.
        """
        if self.ends_on is not None and self.ends_on <= on:
            raise ComponentHasEnded(ended_on=self.ends_on.isoformat())
        if on < self.starts_on:
            raise EndsBeforeStart(started_on=self.starts_on.isoformat())
        self.ends_on, self.end_reason = on, reason
