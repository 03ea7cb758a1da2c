"""A family's enrolment in social aid: PKH, staple food, health-insurance contribution."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from contracts.registry import AidScheme, AssistanceEnded, AssistanceStarted
from kernel.db import Aggregate, state_column
from services.registry.assistance.lifecycle import AssistanceLifecycle, State
from services.registry.assistance.problems import ComponentsOnlyForPkh, EndsBeforeStart
from services.registry.db import Table

ENDED_BY_GRADUATION = (AidScheme.PKH, AidScheme.SEMBAKO)
"""Aid that a graduated family leaves; its health insurance goes on."""


class Assistance(Aggregate, Table, table=True):
    """Aid of one scheme from one day on; a family has at most one active of a scheme."""

    __tablename__ = "assistance"

    household_id: UUID = Field(foreign_key="households.id", index=True)
    scheme: AidScheme = Field(sa_type=state_column(AidScheme))
    components: list[str] = Field(default_factory=list, sa_type=JSONB)
    started_on: date
    state: State = Field(default=State.ACTIVE, sa_type=state_column(State))
    ended_on: date | None = None
    end_reason: str | None = Field(default=None, max_length=60)

    __table_args__ = (
        sa.Index(
            "uq_assistance_household_id_scheme",
            "household_id",
            "scheme",
            unique=True,
            postgresql_where=sa.text("state = 'active'"),
        ),
        sa.CheckConstraint("ended_on >= started_on", name="days"),
    )

    def start(self) -> AssistanceStarted:
        """Begin the aid.

        Raises:
            ComponentsOnlyForPkh: another scheme than PKH names components.
        """
        if self.components and self.scheme is not AidScheme.PKH:
            raise ComponentsOnlyForPkh(scheme=self.scheme.value)
        return AssistanceStarted(
            assistance_id=self.id,
            household_id=self.household_id,
            scheme=self.scheme,
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
            ended_on=on,
            reason=reason,
        )
