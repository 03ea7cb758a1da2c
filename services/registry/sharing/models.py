"""Agreements (MoU) under which another organisation reads families, and their terms for good."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field
from typing_extensions import TypedDict

from kernel.db import Aggregate, state_column, utc_column
from kernel.sealing import guard
from services.registry.db import Table
from services.registry.sharing.lifecycle import AgreementLifecycle, State
from services.registry.sharing.problems import SecondPersonNeeded, TermsNotProposed


class Grant(TypedDict):
    """What one purpose is given: field names (those of `full` unmasked), areas, and how."""

    purpose: str
    fields: list[str]
    full: list[str]
    regions: list[str]
    bulk: bool
    needs_consent: bool
    children: bool


class Terms(Table, table=True):
    """What the parties agreed on; written once, as a reading is pinned to its number."""

    __tablename__ = "sharing_terms"
    __table_args__ = (sa.CheckConstraint("starts_on <= ends_on", name="period"),)

    agreement_id: UUID = Field(foreign_key="sharing_agreements.id", primary_key=True)
    number: int = Field(primary_key=True)
    title: str = Field(max_length=200)
    parties: list[str] = Field(sa_type=JSONB)
    legal_basis: str = Field(max_length=500)
    starts_on: date
    ends_on: date
    grants: list[Grant] = Field(sa_type=JSONB)
    proposed_by: str = Field(max_length=200)
    proposed_at: datetime = Field(sa_type=utc_column())

    def grants_for(self, purpose: str) -> Mapping[str, Grant]:
        """Return the grants of a purpose, none or one."""
        return {each["purpose"]: each for each in self.grants if each["purpose"] == purpose}


guard(Terms.__table__)  # type: ignore[attr-defined]  # SQLModel hides what SQLAlchemy adds


class Agreement(Aggregate, Table, table=True):
    """An agreement; `in_force` numbers the terms that hold, `proposed` those that wait."""

    __tablename__ = "sharing_agreements"

    number: str = Field(max_length=64, unique=True)
    state: State = Field(default=State.DRAFT, sa_type=state_column(State), index=True)
    proposed: int | None = None
    in_force: int | None = None
    in_force_since: datetime | None = Field(default=None, sa_type=utc_column())
    approved_by: str | None = Field(default=None, max_length=200)

    def propose(self, number: int) -> None:
        """Note that new terms wait; those in force hold until a second person decides."""
        move = AgreementLifecycle.amend if self.in_force else AgreementLifecycle.draft
        self.state, self.proposed = move(self.state), number

    def approve(self, terms: Terms, *, by: str, at: datetime) -> None:
        """Let the proposed terms take force.

        Raises:
            TermsNotProposed: other terms were proposed in the meantime, or none.
            SecondPersonNeeded: who proposed them does not decide.
        """
        move = AgreementLifecycle.renew if self.in_force else AgreementLifecycle.take_force
        state = move(self.state)
        if terms.number != self.proposed:
            raise TermsNotProposed(terms=terms.number)
        if terms.proposed_by == by:
            raise SecondPersonNeeded
        self.state, self.in_force, self.proposed = state, terms.number, None
        self.in_force_since, self.approved_by = at, by

    def suspend(self) -> None:
        """Let nothing be read until it is resumed."""
        self.state = AgreementLifecycle.suspend(self.state)

    def resume(self) -> None:
        """Let the same terms hold again."""
        self.state = AgreementLifecycle.resume(self.state)

    def end(self) -> None:
        """Let nothing be read any more."""
        self.state = AgreementLifecycle.end(self.state)
