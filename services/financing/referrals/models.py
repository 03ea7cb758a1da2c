"""The referral aggregate: a family's way to a lender, step by step."""

from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from contracts import financing as told
from kernel.db import Aggregate, state_column
from kernel.money import Money
from services.financing.db import Table
from services.financing.referrals.lifecycle import OPEN, ReferralLifecycle, State
from services.financing.referrals.problems import AmountNotInRupiah, ReferralIncomplete

# Days in which each state must be left; then the referral expires.
CLOCKS = {
    State.DRAFT: 90,
    State.REFERRED: 14,
    State.ACKNOWLEDGED: 30,
    State.INFORMATION_REQUESTED: 30,
    State.ASSESSED: 30,
    State.OFFERED: 30,
}
_OPEN_STATES = ", ".join(f"'{state.value}'" for state in OPEN)

Told = TypeVar("Told", bound=told.ReferralStep)


class Referral(Aggregate, Table, table=True):
    """One family at one lender; `due_on` is the day by which the next step is due."""

    __table_args__ = (
        sa.Index(
            "uq_referral_open",
            "household_id",
            "provider_id",
            unique=True,
            postgresql_where=sa.text(f"state IN ({_OPEN_STATES})"),
        ),
        sa.UniqueConstraint("provider_id", "provider_reference", name="uq_referral_reference"),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.CheckConstraint("offered_amount > 0", name="offered_amount"),
    )

    household_id: UUID = Field(index=True)
    provider_id: UUID = Field(foreign_key="provider.id", index=True)
    product_code: str | None = Field(default=None, max_length=64)
    amount: Decimal | None = Field(default=None, max_digits=18, decimal_places=2)
    state: State = Field(default=State.DRAFT, sa_type=state_column(State))
    drafted_on: date
    due_on: date | None = Field(default=None, index=True)
    provider_reference: str | None = Field(default=None, max_length=64)
    question: str | None = Field(default=None, max_length=2000)
    assessment: str | None = Field(default=None, max_length=2000)
    offered_amount: Decimal | None = Field(default=None, max_digits=18, decimal_places=2)
    offered_months: int | None = None
    offered_yearly_rate: Decimal | None = Field(default=None, max_digits=5, decimal_places=2)
    proof_reference: str | None = Field(default=None, max_length=64)
    reason: str | None = Field(default=None, max_length=2000)

    def draft(self) -> told.ReferralDrafted:
        """Open it."""
        self._wind(self.drafted_on)
        return self._tell(told.ReferralDrafted, on=self.drafted_on)

    def ask_for(self, *, product_code: str | None, amount: Money | None) -> None:
        """Say what is wanted, while it is a draft: a product and an amount in IDR."""
        self.product_code = product_code or self.product_code
        if amount is not None:
            self.amount = rupiah_of(amount)

    def refer(self, *, on: date) -> told.ReferralReferred:
        """Hand it to the lender.

        Raises:
            ReferralIncomplete: the product or the amount is missing.
        """
        moved = ReferralLifecycle.refer(self.state)
        if self.product_code is None or self.amount is None:
            raise ReferralIncomplete
        self._move(moved, on=on)
        return self._tell(told.ReferralReferred, on=on)

    def acknowledge(self, *, on: date, provider_reference: str) -> told.ReferralAcknowledged:
        """The lender takes it up under its own number."""
        self._move(ReferralLifecycle.acknowledge(self.state), on=on)
        self.provider_reference = provider_reference
        return self._tell(told.ReferralAcknowledged, on=on)

    def request_information(self, *, on: date, question: str) -> told.ReferralInformationRequested:
        """The lender asks for more."""
        self._move(ReferralLifecycle.request_information(self.state), on=on)
        self.question = question
        return self._tell(told.ReferralInformationRequested, on=on)

    def answer_information(self, *, on: date) -> told.ReferralInformationAnswered:
        """What was asked for was given."""
        self._move(ReferralLifecycle.answer_information(self.state), on=on)
        return self._tell(told.ReferralInformationAnswered, on=on)

    def assess(self, *, on: date, note: str) -> told.ReferralAssessed:
        """The lender looked at the evidence."""
        self._move(ReferralLifecycle.assess(self.state), on=on)
        self.assessment = note
        return self._tell(told.ReferralAssessed, on=on)

    def offer(
        self, *, on: date, amount: Money, months: int, yearly_rate: Decimal
    ) -> told.ReferralOffered:
        """The lender offers an amount (IDR) over months at a yearly rate (percent)."""
        self._move(ReferralLifecycle.offer(self.state), on=on)
        self.offered_amount = rupiah_of(amount)
        self.offered_months, self.offered_yearly_rate = months, yearly_rate
        return self._tell(told.ReferralOffered, on=on)

    def accept(self, *, on: date) -> told.ReferralAccepted:
        """The family accepts the offer."""
        self._move(ReferralLifecycle.accept(self.state), on=on)
        return self._tell(told.ReferralAccepted, on=on)

    def approve(self, *, on: date) -> told.ReferralApproved:
        """The lender approves the credit."""
        self._move(ReferralLifecycle.approve(self.state), on=on)
        return self._tell(told.ReferralApproved, on=on)

    def disburse(self, *, on: date, proof_reference: str) -> told.ReferralDisbursed:
        """The lender paid the money out."""
        self._move(ReferralLifecycle.disburse(self.state), on=on)
        self.proof_reference = proof_reference
        return self._tell(told.ReferralDisbursed, on=on)

    def reject(self, *, on: date, reason: str) -> told.ReferralRejected:
        """The lender declines, and says why."""
        self._move(ReferralLifecycle.reject(self.state), on=on)
        self.reason = reason
        return self._tell(told.ReferralRejected, on=on)

    def withdraw(self, *, on: date, reason: str) -> told.ReferralWithdrawn:
        """The family steps back."""
        self._move(ReferralLifecycle.withdraw(self.state), on=on)
        self.reason = reason
        return self._tell(told.ReferralWithdrawn, on=on)

    def expire(self, *, on: date) -> told.ReferralExpired:
        """Nobody took the next step in time."""
        self._move(ReferralLifecycle.expire(self.state), on=on)
        return self._tell(told.ReferralExpired, on=on)

    def _move(self, state: State, *, on: date) -> None:
        self.state = state
        self._wind(on)

    def _wind(self, on: date) -> None:
        days = CLOCKS.get(self.state)
        self.due_on = on + timedelta(days=days) if days else None

    def _tell(self, event: type[Told], *, on: date) -> Told:
        return event(
            referral_id=self.id,
            household_id=self.household_id,
            provider_id=self.provider_id,
            product_code=self.product_code,
            on=on,
        )


class Graduate(Table, table=True):
    """A family that graduated: with a live consent, a referral is drafted for it."""

    household_id: UUID = Field(primary_key=True)
    graduated_on: date


def rupiah_of(amount: Money) -> Decimal:
    """Return the amount of a loan.

    Raises:
        AmountNotInRupiah: another currency, or nothing.
    """
    if amount.currency != "IDR" or amount.amount <= 0:
        raise AmountNotInRupiah
    return amount.amount
