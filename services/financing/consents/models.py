"""What a family allows a lender to see, for what, until when (UU PDP 27/2022)."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from contracts.financing import ConsentGiven, ConsentWithdrawn
from kernel.db import Aggregate, state_column
from services.financing.consents.lifecycle import ConsentLifecycle, State
from services.financing.consents.problems import EndsBeforeItBegins, WithdrawnBeforeGiven
from services.financing.db import Table


class Consent(Aggregate, Table, table=True):
    """One family's consent towards one lender; at most one of a pair is live."""

    __table_args__ = (
        sa.Index(
            "uq_consent_live",
            "household_id",
            "provider_id",
            unique=True,
            postgresql_where=sa.text("state = 'live'"),
        ),
        sa.CheckConstraint("given_on <= valid_until", name="period"),
    )

    household_id: UUID = Field(index=True)
    provider_id: UUID = Field(foreign_key="provider.id", index=True)
    purposes: list[str] = Field(sa_type=JSONB)
    data_sets: list[str] = Field(sa_type=JSONB)
    evidence_reference: str = Field(max_length=64)
    given_on: date
    valid_until: date
    withdrawn_on: date | None = None
    state: State = Field(default=State.LIVE, sa_type=state_column(State))

    def give(self) -> ConsentGiven:
        """Begin.

        Raises:
            EndsBeforeItBegins: the last day lies before the first.
        """
        if self.valid_until < self.given_on:
            raise EndsBeforeItBegins
        return ConsentGiven(
            consent_id=self.id,
            household_id=self.household_id,
            provider_id=self.provider_id,
            purposes=tuple(self.purposes),
            valid_until=self.valid_until,
        )

    def withdraw(self, *, on: date) -> ConsentWithdrawn:
        """End at the family's wish, with effect at once (law: within 3x24 hours)."""
        if on < self.given_on:
            raise WithdrawnBeforeGiven
        self.state = ConsentLifecycle.withdraw(self.state)
        self.withdrawn_on = on
        return ConsentWithdrawn(
            consent_id=self.id,
            household_id=self.household_id,
            provider_id=self.provider_id,
            withdrawn_on=on,
        )

    def covers(self, purpose: str, *, on: date) -> bool:
        """Tell whether it allows a use on a day; whether it is live is another question."""
        return purpose in self.purposes and self.given_on <= on <= self.valid_until

    def expire(self) -> None:
        """End because its day passed; makes room for a new consent."""
        self.state = ConsentLifecycle.expire(self.state)
