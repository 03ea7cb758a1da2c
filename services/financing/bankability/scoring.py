"""The explained score: how far the evidence goes, factor by factor. It informs; it never refuses.

Weights and wanted values are our choice for a first loan of a family that makes goods at home;
they are shown with every score, so that a loan officer can disagree with them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from statistics import mean, pstdev

from kernel.problems import Text
from services.financing.evidence.models import Evidence

STRONG, FAIR = Decimal("0.70"), Decimal("0.45")
HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class Factor:
    """One reason: what was wanted, what was seen, and what it adds to the score."""

    name: str
    wanted: Decimal
    weight: Decimal
    text: Text


@dataclass(frozen=True)
class Reason:
    """A factor applied to one family."""

    factor: Factor
    seen: Decimal

    @property
    def points(self) -> Decimal:
        """What the factor adds: its weight, in the share of the wanted value that was seen."""
        share = min(self.seen / self.factor.wanted, Decimal(1))
        return rounded(self.factor.weight * share)


@dataclass(frozen=True)
class Score:
    """The sum of the reasons, 0 to 1."""

    reasons: tuple[Reason, ...]

    @property
    def value(self) -> Decimal:
        """Return the score, two decimals."""
        return sum((reason.points for reason in self.reasons), Decimal(0))

    @property
    def band(self) -> str:
        """Say it in a word: strong, fair or early."""
        if self.value >= STRONG:
            return "strong"
        return "fair" if self.value >= FAIR else "early"


PAID_MONTHS = Factor(
    "paid_months", Decimal(6), Decimal("0.30"),
    Text(id="Bulan dengan penghasilan dibayar", en="Months with paid income"),
)  # fmt: skip
MONTHLY_INCOME = Factor(
    "monthly_income_idr", Decimal(1_500_000), Decimal("0.25"),
    Text(id="Rata-rata penghasilan per bulan (Rp)", en="Average income a month (IDR)"),
)  # fmt: skip
STEADINESS = Factor(
    "steadiness", Decimal(1), Decimal("0.10"),
    Text(id="Kestabilan penghasilan (1 = sama tiap bulan)", en="Steadiness (1 = equal each month)"),
)  # fmt: skip
QUALITY = Factor(
    "quality_pass_rate", Decimal("0.95"), Decimal("0.15"),
    Text(id="Bagian hasil yang lolos mutu", en="Share of pieces that passed quality control"),
)  # fmt: skip
SKILL = Factor(
    "training_passed", Decimal(1), Decimal("0.10"),
    Text(id="Lulus pelatihan", en="Passed a training"),
)  # fmt: skip
GROUP = Factor(
    "group_member", Decimal(1), Decimal("0.10"),
    Text(id="Anggota kelompok aktif", en="Member of a working group"),
)  # fmt: skip


def score(evidence: Evidence, *, paid: Sequence[Decimal], in_group: bool) -> Score:
    """Return the family's score; `paid` holds the income of each paid month, in IDR."""
    pieces = evidence.accepted_pieces + evidence.rejected_pieces
    return Score(
        (
            Reason(PAID_MONTHS, Decimal(len(paid))),
            Reason(MONTHLY_INCOME, rounded(mean(paid)) if paid else Decimal(0)),
            Reason(STEADINESS, steadiness(paid)),
            Reason(
                QUALITY,
                rounded(Decimal(evidence.accepted_pieces) / pieces) if pieces else Decimal(0),
            ),
            Reason(SKILL, Decimal(evidence.grade is not None)),
            Reason(GROUP, Decimal(in_group)),
        )
    )


def steadiness(paid: Sequence[Decimal]) -> Decimal:
    """Return 1 less the coefficient of variation, at least 0; one month proves nothing."""
    if len(paid) < 2 or not mean(paid):
        return Decimal(0)
    return rounded(max(1 - pstdev(paid) / mean(paid), Decimal(0)))


def rounded(value: Decimal) -> Decimal:
    """Round to two decimals."""
    return value.quantize(HUNDREDTH, ROUND_HALF_UP)
