"""Single sampling plans of ISO 2859-1, with the arrows followed."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.export import DefectClass
from services.export.partners.models import Aql, InspectionLevel
from services.export.quality.lifecycle import Severity
from services.export.quality.sampling import (
    LETTERS,
    TABLES,
    ZERO_LETTER,
    class_plan,
    code_letter,
    plan_for,
)

GENERAL = InspectionLevel.II
CONSUMER_GOODS = {
    DefectClass.CRITICAL: Aql.NONE,
    DefectClass.MAJOR: Aql.AQL_2_5,
    DefectClass.MINOR: Aql.AQL_4_0,
}
SIZES = dict(zip(LETTERS, TABLES[Severity.NORMAL].sizes, strict=True))

# Table 2-A as printed: the letters that have a number of their own, and their acceptance numbers.
NORMAL = {
    Aql.AQL_1_0: {"E": 0, "H": 1, "J": 2, "K": 3, "L": 5, "M": 7, "N": 10, "P": 14, "Q": 21},
    Aql.AQL_1_5: {"D": 0, "G": 1, "H": 2, "J": 3, "K": 5, "L": 7, "M": 10, "N": 14, "P": 21},
    Aql.AQL_2_5: {"C": 0, "F": 1, "G": 2, "H": 3, "J": 5, "K": 7, "L": 10, "M": 14, "N": 21},
    Aql.AQL_4_0: {"B": 0, "E": 1, "F": 2, "G": 3, "H": 5, "J": 7, "K": 10, "L": 14, "M": 21},
    Aql.AQL_6_5: {"A": 0, "D": 1, "E": 2, "F": 3, "G": 5, "H": 7, "J": 10, "K": 14, "L": 21},
}
# Table 2-B.
TIGHTENED = {
    Aql.AQL_1_0: {"F": 0, "J": 1, "K": 2, "L": 3, "M": 5, "N": 8, "P": 12, "Q": 18},
    Aql.AQL_2_5: {"D": 0, "G": 1, "H": 2, "J": 3, "K": 5, "L": 8, "M": 12, "N": 18},
    Aql.AQL_4_0: {"C": 0, "F": 1, "G": 2, "H": 3, "J": 5, "K": 8, "L": 12, "M": 18},
}


def numbers(table: dict[Aql, dict[str, int]]) -> list[tuple[Aql, str, int]]:
    return [(aql, letter, ac) for aql, column in table.items() for letter, ac in column.items()]


@pytest.mark.parametrize(("aql", "letter", "ac"), numbers(NORMAL))
def test_the_normal_table(aql: Aql, letter: str, ac: int) -> None:
    plan = class_plan(letter, aql, Severity.NORMAL)

    assert (plan.sample_size, plan.ac, plan.re) == (SIZES[letter], ac, ac + 1)


@pytest.mark.parametrize(("aql", "letter", "ac"), numbers(TIGHTENED))
def test_the_tightened_table(aql: Aql, letter: str, ac: int) -> None:
    plan = class_plan(letter, aql, Severity.TIGHTENED)

    assert (plan.sample_size, plan.ac) == (SIZES[letter], ac)


@pytest.mark.parametrize(
    ("lot_size", "letter", "sample_size", "ac"),
    [
        (12_422, "M", 315, 14),
        (30, "D", 5, 0),
        (60, "E", 20, 1),
        (2, "A", 2, 0),
        (20, "C", 5, 0),
        (100, "F", 20, 1),
        (200_000, "P", 500, 21),
    ],
)
def test_arrows_at_aql_2_5_lead_to_the_next_plan_and_its_sample(
    lot_size: int, letter: str, sample_size: int, ac: int
) -> None:
    plan = plan_for(
        lot_size,
        level=GENERAL,
        aql={DefectClass.MAJOR: Aql.AQL_2_5},
        severity=Severity.NORMAL,
    )

    assert plan.code_letter == letter
    major = plan.by_class[DefectClass.MAJOR]
    assert (major.sample_size, major.ac) == (min(sample_size, lot_size), ac)


def test_the_whole_shipment_by_the_usual_limits_of_consumer_goods() -> None:
    plan = plan_for(12_422, level=GENERAL, aql=CONSUMER_GOODS, severity=Severity.NORMAL)

    found = {each: (kept.sample_size, kept.ac, kept.re) for each, kept in plan.by_class.items()}
    assert plan.sample_size == 315
    assert found == {
        DefectClass.CRITICAL: (315, 0, 1),
        DefectClass.MAJOR: (315, 14, 15),
        DefectClass.MINOR: (315, 21, 22),
    }


@pytest.mark.parametrize(
    ("lot_size", "level", "letter"),
    [
        (8, InspectionLevel.II, "A"),
        (9, InspectionLevel.II, "B"),
        (25, InspectionLevel.II, "C"),
        (26, InspectionLevel.II, "D"),
        (500, InspectionLevel.II, "H"),
        (501, InspectionLevel.II, "J"),
        (10_000, InspectionLevel.II, "L"),
        (10_001, InspectionLevel.II, "M"),
        (500_001, InspectionLevel.II, "Q"),
        (500_001, InspectionLevel.III, "R"),
        (1_000, InspectionLevel.I, "G"),
        (1_000, InspectionLevel.S1, "C"),
        (1_000, InspectionLevel.S4, "F"),
        (1, InspectionLevel.II, "A"),
    ],
)
def test_code_letters(lot_size: int, level: InspectionLevel, letter: str) -> None:
    assert code_letter(lot_size, level) == letter


def test_the_tables_shift_by_one_letter_for_each_aql() -> None:
    limits = list(ZERO_LETTER)
    for severity in TABLES:
        for coarser, finer in pairwise(limits):
            for place in range(1, len(LETTERS) - 1):
                here = class_plan(LETTERS[place], coarser, severity)
                there = class_plan(LETTERS[place + 1], finer, severity)
                if here.sample_size == TABLES[severity].sizes[place]:
                    assert there.ac == here.ac


def test_nothing_critical_is_accepted() -> None:
    plan = plan_for(25, level=GENERAL, aql=CONSUMER_GOODS, severity=Severity.NORMAL)

    assert plan.accepts({})
    assert not plan.accepts({DefectClass.CRITICAL: 1})


@given(
    st.integers(1, 1_000_000),
    st.sampled_from(list(InspectionLevel)),
    st.sampled_from(list(Aql)),
    st.sampled_from(list(TABLES)),
)
def test_every_lot_has_a_plan_that_fits_in_it(
    lot_size: int, level: InspectionLevel, aql: Aql, severity: Severity
) -> None:
    plan = plan_for(lot_size, level=level, aql={DefectClass.MAJOR: aql}, severity=severity)

    major = plan.by_class[DefectClass.MAJOR]
    assert 1 <= plan.sample_size <= lot_size
    assert major.sample_size <= plan.sample_size
    assert 0 <= major.ac <= 21


@given(st.integers(1, 1_000_000), st.sampled_from([a for a in Aql if a is not Aql.NONE]))
def test_tightened_inspection_is_never_kinder(lot_size: int, aql: Aql) -> None:
    normal, tightened = (
        plan_for(lot_size, level=GENERAL, aql={DefectClass.MAJOR: aql}, severity=severity)
        for severity in (Severity.NORMAL, Severity.TIGHTENED)
    )

    assert tightened.by_class[DefectClass.MAJOR].ac <= normal.by_class[DefectClass.MAJOR].ac
