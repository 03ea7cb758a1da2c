"""How ready a family is: an honest number, and the reasons for it."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel.problems import Language
from services.empowerment.evidence.facts import Evidence, Verification
from services.empowerment.graduation.criteria import (
    DEFAULT_CRITERIA,
    MINIMUM_READINESS,
    Criterion,
    CriterionName,
)
from services.empowerment.graduation.readiness import Readiness, Reason, assess
from services.empowerment.graduation.texts import sentence

OCTOBER: Final = date(2025, 10, 1)
FIRST_ORDER: Final = Decimal(1_070_000)
"""What the first order paid a family, in rupiah, after five months of work."""


def judge(evidence: Evidence, criteria: Sequence[Criterion] = DEFAULT_CRITERIA) -> Readiness:
    return assess(criteria, evidence, edition="2025", minimum=MINIMUM_READINESS)


def months(*amounts: int) -> Mapping[date, Decimal]:
    """Return pay of the months up to September, the last amount being September's."""
    first = 10 - len(amounts)
    return {date(2025, first + nth, 1): Decimal(amount) for nth, amount in enumerate(amounts)}


def reason(readiness: Readiness, name: CriterionName) -> Reason:
    return next(each for each in readiness.reasons if each.criterion is name)


def test_one_order_is_modest_evidence_and_the_family_is_told_why() -> None:
    evidence = Evidence(
        on=OCTOBER,
        paid={date(2025, 9, 1): FIRST_ORDER},
        accepted_pieces=35,
        rejected_pieces=1,
        trainings_passed=1,
        in_group=True,
        decile=2,
    )

    readiness = judge(evidence)

    assert readiness.ready is False
    failed = {
        each.criterion: (each.seen, each.wanted) for each in readiness.reasons if not each.passed
    }
    assert failed == {
        CriterionName.PAID_INCOME: (Decimal(356_666), Decimal(1_500_000)),
        CriterionName.PAID_MONTHS: (Decimal(1), Decimal(3)),
        CriterionName.VERIFIED_INCOME: (Decimal(356_666), Decimal(1_500_000)),
    }
    assert readiness.readiness == Decimal("0.48")


def test_pay_that_holds_over_three_months_makes_a_family_ready() -> None:
    evidence = Evidence(
        on=OCTOBER, paid=months(1_500_000, 1_400_000, 1_600_000), trainings_passed=1, in_group=True
    )

    readiness = judge(evidence)

    assert readiness.ready is True
    assert reason(readiness, CriterionName.QUALITY).seen is None


def test_one_large_payment_does_not_replace_months_that_hold() -> None:
    evidence = Evidence(
        on=OCTOBER, paid=months(9_000_000), accepted_pieces=300, trainings_passed=1, in_group=True
    )

    readiness = judge(evidence)

    assert reason(readiness, CriterionName.PAID_INCOME).passed is True
    assert readiness.ready is False


def test_income_of_long_ago_is_no_income_of_today() -> None:
    paid = {date(2025, month, 1): Decimal(2_000_000) for month in (1, 2, 3)}

    assert Evidence(on=OCTOBER, paid=paid).paid_monthly() == 0


def test_an_income_beyond_what_can_be_asked_for_is_shown_as_it_is() -> None:
    typing_error = Verification(monthly=Decimal(9_999_999_999_999_999), months=6)

    readiness = judge(Evidence(on=OCTOBER, verified=[typing_error]))

    assert reason(readiness, CriterionName.VERIFIED_INCOME).seen == 9_999_999_999_999_999


def test_a_month_that_has_just_begun_is_not_held_against_the_family() -> None:
    paid = months(1_500_000, 1_500_000, 1_500_000)

    assert Evidence(on=OCTOBER, paid=paid).paid_monthly() == 1_500_000
    assert Evidence(on=date(2025, 11, 1), paid=paid).paid_monthly() == 1_000_000


def test_verified_further_income_that_lasts_stands_in_for_pay_and_says_so() -> None:
    lasting = Verification(monthly=Decimal(1_200_000), months=6)
    evidence = Evidence(
        on=OCTOBER,
        paid={date(2025, 9, 1): FIRST_ORDER},
        verified=[lasting],
        accepted_pieces=35,
        trainings_passed=1,
        in_group=True,
    )

    readiness = judge(evidence)

    assert readiness.ready is True
    pay = reason(readiness, CriterionName.PAID_INCOME)
    assert (pay.seen, pay.met_by) == (Decimal(356_666), CriterionName.VERIFIED_INCOME)
    assert "terverifikasi" in sentence(pay, "id")


@pytest.mark.parametrize("verification", [(1_200_000, 2), (900_000, 12)])
def test_further_income_that_is_short_or_small_does_not_stand_in(
    verification: tuple[int, int],
) -> None:
    monthly, held = verification
    evidence = Evidence(
        on=OCTOBER,
        paid={date(2025, 9, 1): FIRST_ORDER},
        verified=[Verification(monthly=Decimal(monthly), months=held)],
        accepted_pieces=35,
        trainings_passed=1,
        in_group=True,
    )

    assert judge(evidence).ready is False


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "id",
            "Upah terbayar rata-rata Rp 356.666 per bulan dalam tiga bulan;"
            " diperlukan Rp 1.500.000.",
        ),
        ("en", "Pay averages IDR 356,666 a month over three months; IDR 1,500,000 is wanted."),
    ],
)
def test_every_reason_is_told_in_both_languages(language: Language, told: str) -> None:
    readiness = judge(Evidence(on=OCTOBER, paid={date(2025, 9, 1): FIRST_ORDER}))

    assert sentence(reason(readiness, CriterionName.PAID_INCOME), language) == told
    assert all(sentence(each, language) for each in readiness.reasons)


# A busy machine draws slowly; what is promised does not depend on its speed.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

amounts = st.integers(0, 5_000_000)
evidences = st.builds(
    Evidence,
    on=st.just(OCTOBER),
    paid=st.lists(amounts, max_size=9).map(lambda each: months(*each)),
    verified=st.lists(
        st.builds(Verification, monthly=amounts.map(Decimal), months=st.integers(1, 24)), max_size=3
    ),
    accepted_pieces=st.integers(0, 500),
    rejected_pieces=st.integers(0, 500),
    trainings_passed=st.integers(0, 3),
    in_group=st.booleans(),
    decile=st.none() | st.integers(1, 10),
)
criteria_sets = st.lists(
    st.builds(
        Criterion,
        name=st.sampled_from(CriterionName),
        threshold=st.integers(0, 1).map(Decimal),
        weight=st.integers(1, 5).map(Decimal),
        required=st.booleans(),
    ),
    min_size=1,
    unique_by=lambda criterion: criterion.name,
)


@PATIENT
@given(evidence=evidences, criteria=criteria_sets)
def test_readiness_is_a_share_and_ready_only_with_every_required_reason(
    evidence: Evidence, criteria: list[Criterion]
) -> None:
    readiness = judge(evidence, criteria)

    assert 0 <= readiness.readiness <= 1
    assert [each.criterion for each in readiness.reasons] == [each.name for each in criteria]
    if readiness.ready:
        assert all(each.passed for each in readiness.reasons if each.required)
        assert readiness.readiness >= MINIMUM_READINESS
    if all(each.passed for each in readiness.reasons):
        assert readiness.readiness == 1


@PATIENT
@given(evidence=evidences)
def test_no_evidence_never_helps_more_than_some(evidence: Evidence) -> None:
    assert judge(Evidence(on=OCTOBER)).readiness <= judge(evidence).readiness
