"""What a family allows to be shown of it, to whom, for what, until when (UU PDP 27/2022)."""

from datetime import date
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from contracts.registry import SharingConsentGiven, SharingConsentWithdrawn
from kernel.db import Aggregate, state_column
from services.registry.db import Table
from services.registry.sharing.consents.lifecycle import ConsentLifecycle, State
from services.registry.sharing.consents.problems import WithdrawnBeforeGiven


class Way(StrEnum):
    """How the family said yes."""

    SIGNED_FORM = "signed_form"
    THUMBPRINT = "thumbprint"
    SPOKEN_BEFORE_WITNESS = "spoken_before_witness"
    ONLINE = "online"


class Consent(Aggregate, Table, table=True):
    """One consent with its receipt; several may be live, each holds for what it names."""

    __tablename__ = "sharing_consents"
    __table_args__ = (sa.CheckConstraint("given_on <= valid_until", name="period"),)

    household_id: UUID = Field(foreign_key="households.id", index=True)
    given_by: UUID
    receipt_number: str = Field(max_length=64, unique=True)
    recipients: list[str] = Field(sa_type=JSONB)
    purposes: list[str] = Field(sa_type=JSONB)
    fields_allowed: list[str] = Field(sa_type=JSONB)
    way: Way = Field(sa_type=state_column(Way))
    text_version: str = Field(max_length=64)
    recorded_by: str = Field(max_length=200)
    given_on: date
    valid_until: date
    withdrawn_on: date | None = None
    state: State = Field(default=State.LIVE, sa_type=state_column(State))

    def give(self) -> SharingConsentGiven:
        """Begin."""
        return SharingConsentGiven(
            consent_id=self.id,
            household_id=self.household_id,
            recipients=tuple(self.recipients),
            purposes=tuple(self.purposes),
            given_on=self.given_on,
            valid_until=self.valid_until,
        )

    def withdraw(self, *, on: date) -> SharingConsentWithdrawn:
        """End at the family's wish, with effect at once (law: within 3x24 hours).

        Raises:
            WithdrawnBeforeGiven: the day lies before the consent.
        """
        state = ConsentLifecycle.withdraw(self.state)
        if on < self.given_on:
            raise WithdrawnBeforeGiven
        self.state, self.withdrawn_on = state, on
        return SharingConsentWithdrawn(
            consent_id=self.id,
            household_id=self.household_id,
            recipients=tuple(self.recipients),
            withdrawn_on=on,
        )
