"""What a family must show before it can be proposed: named criteria with weights, as data."""

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field, PlainSerializer, model_validator

from kernel.web import Body


def _plain(value: Decimal) -> int | float:
    return int(value) if value == int(value) else float(value)


Seen = Annotated[Decimal, PlainSerializer(_plain, return_type=int | float)]
"""A plain number in JSON, exact in memory; what is seen may be larger than what can be asked."""

Number = Annotated[
    Seen,
    Field(ge=0, le=10_000_000_000, max_digits=16, decimal_places=4, allow_inf_nan=False),
]
"""A number that can be asked for."""

Share = Annotated[Decimal, Field(ge=0, le=1, max_digits=3, decimal_places=2, allow_inf_nan=False)]
"""Between 0.00 and 1.00; a string in JSON."""


class CriterionName(StrEnum):
    """What can be asked of a family; each value is seen as a number, or not known."""

    PAID_INCOME = "paid_income_monthly_idr"
    """Pay proved by slips: average a month over three months, months without pay as zero."""
    PAID_MONTHS = "paid_months"
    """In how many of the last twelve calendar months pay was proved by a slip."""
    QUALITY = "quality_pass_rate"
    """Accepted pieces of all pieces judged in the last twelve months, 0 to 1."""
    TRAINING = "training_passed"
    """How many trainings the family passed."""
    GROUP = "group_member"
    """1 where the family belongs to a working group, else 0."""
    DECILE = "decile_at_least"
    """The DTSEN decile that BPS recorded last: an input, never computed here."""
    VERIFIED_INCOME = "verified_income_monthly_idr"
    """Proved pay and verified further income together, a month."""


class Criterion(Body):
    """One criterion: how much is wanted, how much it weighs, and whether nothing replaces it."""

    name: CriterionName
    threshold: Number
    weight: Number
    required: bool

    @model_validator(mode="after")
    def _a_share_of_all_pieces(self) -> "Criterion":
        if self.name is CriterionName.QUALITY and self.threshold > 1:
            raise ValueError("quality_pass_rate lies between 0 and 1")
        return self


Criteria = Annotated[list[Criterion], Field(min_length=1, max_length=len(CriterionName))]

MINIMUM_READINESS = Decimal("0.70")
DEFAULT_EDITION = "default"

# A sample, in force until a ministry records a set of its own: income must hold over months, for
# one good order does not make a livelihood.
DEFAULT_CRITERIA: Sequence[Criterion] = (
    Criterion(
        name=CriterionName.PAID_INCOME,
        threshold=Decimal(1_500_000),
        weight=Decimal(3),
        required=True,
    ),
    Criterion(
        name=CriterionName.PAID_MONTHS, threshold=Decimal(3), weight=Decimal(2), required=True
    ),
    Criterion(
        name=CriterionName.VERIFIED_INCOME,
        threshold=Decimal(1_500_000),
        weight=Decimal(2),
        required=False,
    ),
    Criterion(
        name=CriterionName.QUALITY, threshold=Decimal("0.9"), weight=Decimal(1), required=False
    ),
    Criterion(name=CriterionName.TRAINING, threshold=Decimal(1), weight=Decimal(1), required=True),
    Criterion(name=CriterionName.GROUP, threshold=Decimal(1), weight=Decimal(1), required=False),
)
