"""What speaks for and against two families being one."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.duplicates.comparing import Person, Trace, compare
from services.registry.duplicates.names import trigrams, words_of
from services.registry.duplicates.policy import CURRENT, POLICIES, WORDS, Reason
from services.registry.households.identity_numbers import BirthPrecision, Sex

DESA, NEXT_DESA, FAR = "33.02.05.2007", "33.02.05.2001", "34.02.01.2001"
BORN = date(1980, 3, 5)


def person(nik: str = "a", name: str = "Siti Aminah", born: date = BORN) -> Person:
    return Person(nik, trigrams(words_of(name)), Sex.FEMALE, born, BirthPrecision.DAY)


def family(*persons: Person, desa: str = DESA, phone: str | None = None) -> Trace:
    return Trace(desa, phone, persons or (person(),))


def reasons(one: Trace, other: Trace) -> frozenset[Reason]:
    return compare(one, other, policy=CURRENT).reasons


def score(one: Trace, other: Trace) -> int:
    return compare(one, other, policy=CURRENT).score


def test_differing_niks_speak_against() -> None:
    same, other = family(person("a")), family(person("b"))

    assert score(same, same) > score(same, other)
    assert Reason.DIFFERING_NIKS in reasons(same, other)
    assert CURRENT.weights[Reason.DIFFERING_NIKS] < 0


def test_one_nik_is_enough_to_ask_people() -> None:
    moved = family(person("a", "Siti Amina"), desa=FAR)

    assert score(family(), moved) >= CURRENT.ticket_from


def test_namesakes_of_one_village_are_left_alone() -> None:
    son = person("c", "Budi", date(2005, 1, 2))
    daughter = person("d", "Rini", date(2009, 8, 8))

    assert score(family(person("a"), son), family(person("b"), daughter)) < CURRENT.ticket_from


def test_a_second_person_who_agrees_outweighs_mistyped_niks() -> None:
    son, same_son = (person(key, "Budi Santoso", date(2005, 1, 2)) for key in "cd")
    found = compare(
        family(person("a"), son), family(person("b"), same_son, desa=FAR), policy=CURRENT
    )

    assert Reason.ANOTHER_MEMBER_AGREES in found.reasons
    assert found.score >= CURRENT.ticket_from


@pytest.mark.parametrize(
    ("born", "precision", "seen"),
    [
        (date(1980, 3, 5), BirthPrecision.DAY, Reason.SAME_BIRTH_DATE),
        (date(1980, 5, 3), BirthPrecision.DAY, Reason.DAY_AND_MONTH_SWAPPED),
        (date(1980, 3, 1), BirthPrecision.MONTH, Reason.COMPATIBLE_BIRTH_DATES),
        (date(1980, 4, 1), BirthPrecision.MONTH, Reason.DIFFERING_BIRTH_DATES),
        (date(1980, 1, 1), BirthPrecision.YEAR, Reason.COMPATIBLE_BIRTH_DATES),
        (date(1981, 1, 1), BirthPrecision.YEAR, Reason.DIFFERING_BIRTH_DATES),
        (date(1981, 3, 5), BirthPrecision.DAY, Reason.DIFFERING_BIRTH_DATES),
    ],
)
def test_birth_dates_are_compared_as_far_as_they_are_known(
    born: date, precision: BirthPrecision, seen: Reason
) -> None:
    other = replace(person("b", born=born), precision=precision)

    assert seen in reasons(family(), family(other))


@pytest.mark.parametrize(
    ("desa", "seen"), [(DESA, Reason.SAME_DESA), (NEXT_DESA, Reason.SAME_KECAMATAN)]
)
def test_living_near_speaks_for(desa: str, seen: Reason) -> None:
    assert seen in reasons(family(), family(desa=desa))
    assert seen not in reasons(family(), family(desa=FAR))


def test_an_unknown_phone_is_not_the_same_phone() -> None:
    assert Reason.SAME_PHONE not in reasons(family(), family())
    assert Reason.SAME_PHONE in reasons(family(phone="x"), family(phone="x"))


def test_every_reason_has_a_weight_and_words() -> None:
    for policy in POLICIES.values():
        assert set(policy.weights) == set(Reason) == set(WORDS)
        assert 0 not in policy.weights.values()


persons = st.builds(
    person,
    st.sampled_from("abcd"),
    st.sampled_from(["Siti Aminah", "Sitti Amina", "Budi", "Sri Rahayu"]),
    st.dates(date(1980, 1, 1), date(1980, 3, 31)),
)
families = st.builds(
    Trace,
    st.sampled_from([DESA, NEXT_DESA, FAR]),
    st.sampled_from([None, "x"]),
    st.lists(persons, max_size=4),
)


@given(families, families)
def test_a_comparison_does_not_depend_on_the_order(one: Trace, other: Trace) -> None:
    found = compare(one, other, policy=CURRENT)

    assert 0 <= found.score <= 100
    assert found.score == compare(other, one, policy=CURRENT).score
