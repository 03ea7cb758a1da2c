"""What makers earn for accepted pieces, and the slips that pay it: each piece once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field
from typing_extensions import TypedDict  # pydantic asks for this one on Python 3.11

from contracts.export import PayoutCompleted, SlipPaid
from kernel.db import Aggregate, state_column
from kernel.money import Money
from services.export.db import Table
from services.export.earnings.lifecycle import PayoutLifecycle, PayoutState
from services.export.earnings.problems import DeductedTooMuch, DeductionForNobody, SamePerson

AMOUNT = sa.Numeric(18, 2)


class DeductionLine(TypedDict):
    """One deduction as a slip shows it; the amount in the slip's currency."""

    reason: str
    amount: str


class Earning(Aggregate, Table, table=True):
    """What one family earned with its accepted pieces of one lot; `slip_id` once it is collected.

    A family and lot have one earning, and an earning has one slip: a piece is paid once.
    """

    __tablename__ = "earning"
    __table_args__ = (
        sa.UniqueConstraint("lot_id", "household_id"),
        sa.CheckConstraint("least(accepted_pieces, rejected_pieces) >= 0", name="pieces"),
        sa.CheckConstraint("earned_amount >= 0", name="amount"),
        sa.CheckConstraint("slip_id IS NULL OR accepted_pieces > 0", name="slip"),
        sa.Index("ix_earning_unpaid", "earned_on", postgresql_where=sa.text("slip_id IS NULL")),
    )

    household_id: UUID = Field(index=True)
    lot_id: UUID = Field(foreign_key="product_lot.id")
    order_id: UUID = Field(index=True)
    accepted_pieces: int
    rejected_pieces: int
    earned_amount: Decimal = Field(sa_type=AMOUNT)
    currency: str
    earned_on: date
    slip_id: UUID | None = Field(default=None, foreign_key="payout_slip.id", index=True)

    @property
    def amount(self) -> Money:
        """Return what was earned."""
        return Money(amount=self.earned_amount, currency=self.currency)


class Slip(Aggregate, Table, table=True):
    """One family's pay in a batch: gross, what is deducted and why, and what it receives."""

    __tablename__ = "payout_slip"
    __table_args__ = (
        sa.UniqueConstraint("batch_id", "household_id"),
        sa.CheckConstraint("accepted_pieces >= 1", name="pieces"),
        sa.CheckConstraint("net_amount BETWEEN 0 AND gross_amount", name="amount"),
    )

    batch_id: UUID = Field(foreign_key="payout_batch.id")
    household_id: UUID = Field(index=True)
    accepted_pieces: int
    gross_amount: Decimal = Field(sa_type=AMOUNT)
    deductions: list[DeductionLine] = Field(sa_type=JSONB)
    net_amount: Decimal = Field(sa_type=AMOUNT)
    currency: str

    @property
    def gross(self) -> Money:
        """Return what the pieces earned."""
        return Money(amount=self.gross_amount, currency=self.currency)

    @property
    def amount(self) -> Money:
        """Return what the family receives."""
        return Money(amount=self.net_amount, currency=self.currency)

    def deduct(self, *, reason: str, amount: Decimal) -> None:
        """Take something off the pay, visibly.

        Raises:
            DeductedTooMuch: nothing would be left to take it from.
        """
        if amount > self.net_amount:
            raise DeductedTooMuch(
                household_id=str(self.household_id),
                gross=f"{self.gross_amount:.2f}",
                deducted=f"{self.gross_amount - self.net_amount + amount:.2f}",
            )
        self.deductions = [*self.deductions, {"reason": reason, "amount": f"{amount:.2f}"}]
        self.net_amount -= amount

    def pay(self, *, on: date) -> SlipPaid:
        """Tell that the family was paid."""
        return SlipPaid(
            slip_id=self.id,
            batch_id=self.batch_id,
            household_id=self.household_id,
            accepted_pieces=self.accepted_pieces,
            amount=self.amount,
            paid_on=on,
        )


class PayoutBatch(Aggregate, Table, table=True):
    """The slips of one period, made by one person and approved by another."""

    __tablename__ = "payout_batch"
    __table_args__ = (
        sa.CheckConstraint("period_from <= period_to", name="period"),
        sa.CheckConstraint("approved_by <> made_by", name="two_persons"),
        sa.CheckConstraint("slips >= 1 AND total_amount >= 0", name="total"),
    )

    reference: str = Field(unique=True)
    organisation: str
    period_from: date
    period_to: date
    currency: str
    slips: int = 0
    total_amount: Decimal = Field(default=Decimal(0), sa_type=AMOUNT)
    state: PayoutState = Field(default=PayoutState.DRAFT, sa_type=state_column(PayoutState))
    made_by: str
    approved_by: str | None = None
    approved_on: date | None = None
    paid_on: date | None = None
    proof_reference: str | None = None

    @property
    def total(self) -> Money:
        """Return the sum of the slips."""
        return Money(amount=self.total_amount, currency=self.currency)

    def approve(self, *, by: str, on: date) -> None:
        """Let the batch be paid.

        Raises:
            SamePerson: the approver made it.
        """
        following = PayoutLifecycle.approve(self.state)
        if by == self.made_by:
            raise SamePerson
        self.state = following
        self.approved_by, self.approved_on = by, on

    def pay(self, *, on: date, proof_reference: str) -> PayoutCompleted:
        """Record that every slip was paid, with the bank's or the cash book's proof."""
        self.state = PayoutLifecycle.pay(self.state)
        self.paid_on, self.proof_reference = on, proof_reference
        return PayoutCompleted(batch_id=self.id, slips=self.slips, total=self.total, paid_on=on)

    def discard(self) -> None:
        """Give the batch up, before it is paid."""
        self.state = PayoutLifecycle.discard(self.state)

    def fill(self, slips: Collection[Slip]) -> None:
        """Count the slips and sum them up."""
        self.slips = len(slips)
        self.total_amount = sum((slip.net_amount for slip in slips), start=Decimal(0))


@dataclass(frozen=True)
class Unpaid:
    """What an earning that no slip pays brings to its family's slip."""

    earning_id: UUID
    household_id: UUID
    accepted_pieces: int
    earned_amount: Decimal


@dataclass(frozen=True)
class Deduction:
    """Something to take off one family's pay, in the batch's currency."""

    household_id: UUID
    reason: str
    amount: Decimal


def slips_for(earnings: Iterable[Unpaid], batch: PayoutBatch) -> dict[UUID, Slip]:
    """Return one slip a family, which sums up its earnings; all are in the batch's currency."""
    sums: dict[UUID, tuple[int, Decimal]] = {}
    for earning in earnings:
        pieces, amount = sums.get(earning.household_id, (0, Decimal(0)))
        sums[earning.household_id] = (
            pieces + earning.accepted_pieces,
            amount + earning.earned_amount,
        )
    return {
        household_id: Slip(
            batch_id=batch.id,
            household_id=household_id,
            accepted_pieces=pieces,
            gross_amount=amount,
            deductions=[],
            net_amount=amount,
            currency=batch.currency,
        )
        for household_id, (pieces, amount) in sums.items()
    }


def deduct(slips: Mapping[UUID, Slip], deductions: Sequence[Deduction]) -> None:
    """Take the deductions off their families' slips.

    Raises:
        DeductionForNobody: a family has no slip.
        DeductedTooMuch: nothing would be left.
    """
    for deduction in deductions:
        slip = slips.get(deduction.household_id)
        if slip is None:
            raise DeductionForNobody(household_id=str(deduction.household_id))
        slip.deduct(reason=deduction.reason, amount=deduction.amount)
