"""What is known of a family on a day, before anybody judges it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_DOWN, Decimal

AVERAGED_MONTHS = 3
REMEMBERED_MONTHS = 12


def month_of(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def months_back(day: date, months: int) -> date:
    """Return the first day of the month that lies so many months before a day's own."""
    index = day.year * 12 + day.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)


@dataclass(frozen=True)
class Verification:
    """Further income of a family, looked into by an officer: IDR a month, held for some months."""

    monthly: Decimal
    months: int


@dataclass(frozen=True)
class Evidence:
    """Facts of the last twelve calendar months up to `on`; `paid` is IDR by first day of month."""

    on: date
    paid: Mapping[date, Decimal] = field(default_factory=dict)
    verified: Sequence[Verification] = ()
    accepted_pieces: int = 0
    rejected_pieces: int = 0
    trainings_passed: int = 0
    in_group: bool = False
    decile: int | None = None

    def paid_monthly(self) -> Decimal:
        """Return the average IDR a month over three months; a month without pay counts as zero.

        The three months end with the month of `on`, or with the one before while nothing was paid
        in it yet, so that a month that has just begun is not held against the family.
        """
        begun_without_pay = month_of(self.on) not in self.paid
        first = 1 if begun_without_pay else 0
        months = [months_back(self.on, first + back) for back in range(AVERAGED_MONTHS)]
        total = sum((self.paid.get(month, Decimal(0)) for month in months), Decimal(0))
        return (total / AVERAGED_MONTHS).quantize(Decimal(1), rounding=ROUND_DOWN)

    def paid_months(self) -> int:
        """Return in how many months something was paid."""
        return sum(1 for amount in self.paid.values() if amount > 0)

    def verified_monthly(self, *, held_for: int) -> Decimal:
        """Return further income, IDR a month, that held for at least so many months."""
        lasting = (each.monthly for each in self.verified if each.months >= held_for)
        return sum(lasting, Decimal(0)).quantize(Decimal(1), rounding=ROUND_DOWN)

    def quality(self) -> Decimal | None:
        """Return the share of accepted pieces, 0 to 1; None while none were judged."""
        judged = self.accepted_pieces + self.rejected_pieces
        if judged == 0:
            return None
        share = Decimal(self.accepted_pieces) / judged
        return share.quantize(Decimal("0.0001"), rounding=ROUND_DOWN)
