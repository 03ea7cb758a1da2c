"""How ready a family is to live from its own income: a number, and every reason for it.

A criterion counts with its weight, in part where part of it is met. A family is ready when every
required criterion passes and the number reaches the set's minimum. Further income that an officer
verified may stand in for pay through this platform, and the reason says so. No decision is made.
"""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_DOWN, Decimal

from pydantic import BaseModel, ConfigDict

from services.empowerment.evidence.facts import Evidence
from services.empowerment.graduation.criteria import Criterion, CriterionName, Number, Seen, Share

SUSTAINED_MONTHS = 3
REPLACED_BY_VERIFIED_INCOME = frozenset({CriterionName.PAID_INCOME, CriterionName.PAID_MONTHS})


class Reason(BaseModel):
    """One criterion's answer; `met_by` names the criterion that stands in for this one."""

    model_config = ConfigDict(frozen=True)

    criterion: CriterionName
    passed: bool
    seen: Seen | None
    wanted: Number
    weight: Number
    required: bool
    met_by: CriterionName | None = None


class Readiness(BaseModel):
    """The answer of one set of criteria on one day."""

    model_config = ConfigDict(frozen=True)

    on: date
    criteria_version: str
    minimum_readiness: Share
    readiness: Share
    ready: bool
    reasons: list[Reason]


def assess(
    criteria: Sequence[Criterion], evidence: Evidence, *, edition: str, minimum: Decimal
) -> Readiness:
    """Hold the evidence against the criteria."""
    sustained = _sustained_months(criteria)
    seen = _seen(evidence, sustained)
    verified = _verified_income_holds(criteria, evidence, sustained)
    reasons = [_reason(each, seen[each.name], verified=verified) for each in criteria]
    share = _share(reasons)
    required_pass = all(reason.passed for reason in reasons if reason.required)
    return Readiness(
        on=evidence.on,
        criteria_version=edition,
        minimum_readiness=minimum,
        readiness=share,
        ready=required_pass and share >= minimum,
        reasons=reasons,
    )


def _sustained_months(criteria: Sequence[Criterion]) -> int:
    """Verified income must have held as long as pay must, three months at least."""
    wanted = [int(c.threshold) for c in criteria if c.name is CriterionName.PAID_MONTHS]
    return max([SUSTAINED_MONTHS, *wanted])


def _verified_income_holds(
    criteria: Sequence[Criterion], evidence: Evidence, sustained: int
) -> bool:
    further = evidence.verified_monthly(held_for=sustained)
    wanted = [c.threshold for c in criteria if c.name is CriterionName.VERIFIED_INCOME]
    return further > 0 and any(evidence.paid_monthly() + further >= each for each in wanted)


def _seen(evidence: Evidence, sustained: int) -> dict[CriterionName, Decimal | None]:
    pay = evidence.paid_monthly()
    return {
        CriterionName.PAID_INCOME: pay,
        CriterionName.PAID_MONTHS: Decimal(evidence.paid_months()),
        CriterionName.QUALITY: evidence.quality(),
        CriterionName.TRAINING: Decimal(evidence.trainings_passed),
        CriterionName.GROUP: Decimal(evidence.in_group),
        CriterionName.DECILE: None if evidence.decile is None else Decimal(evidence.decile),
        CriterionName.VERIFIED_INCOME: pay + evidence.verified_monthly(held_for=sustained),
    }


def _reason(criterion: Criterion, seen: Decimal | None, *, verified: bool) -> Reason:
    passed = seen is not None and seen >= criterion.threshold
    stands_in = not passed and verified and criterion.name in REPLACED_BY_VERIFIED_INCOME
    return Reason(
        criterion=criterion.name,
        passed=passed or stands_in,
        seen=seen,
        wanted=criterion.threshold,
        weight=criterion.weight,
        required=criterion.required,
        met_by=CriterionName.VERIFIED_INCOME if stands_in else None,
    )


def _share(reasons: Sequence[Reason]) -> Decimal:
    """Return the weighted share of what is wanted, rounded down so as not to flatter."""
    weights = sum((reason.weight for reason in reasons), Decimal(0))
    points = sum((reason.weight * _credit(reason) for reason in reasons), Decimal(0))
    return (points / weights).quantize(Decimal("0.01"), rounding=ROUND_DOWN)


def _credit(reason: Reason) -> Decimal:
    if reason.passed:
        return Decimal(1)
    if reason.seen is None:
        return Decimal(0)
    return reason.seen / reason.wanted
