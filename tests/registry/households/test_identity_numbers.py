"""What NIK and KK numbers tell."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.households.identity_numbers import (
    Doubt,
    Sex,
    doubts_about_kk,
    doubts_about_nik,
    parse,
)
from tests.registry.families import nik

BIRTHDAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31))


@given(birth_date=BIRTHDAYS, sex=st.sampled_from(Sex))
def test_a_number_made_from_a_person_leaves_no_doubt(birth_date: date, sex: Sex) -> None:
    number = nik("33.02.05.2007", birth_date, woman=sex is Sex.FEMALE)

    assert doubts_about_nik(number, birth_date=birth_date, sex=sex, kabupaten="33.02") == []


@given(number=st.from_regex(r"[0-9]{16}", fullmatch=True), birth_date=BIRTHDAYS)
def test_any_sixteen_digits_are_read(number: str, birth_date: date) -> None:
    doubts_about_nik(number, birth_date=birth_date, sex=Sex.FEMALE, kabupaten="33.02")
    doubts_about_kk(number, kabupaten="33.02")


def test_only_the_serial_0000_is_synthetic() -> None:
    assert parse("3302054101800000").synthetic
    assert not parse("3302054101800001").synthetic


@pytest.mark.parametrize(
    ("kk_number", "doubts"),
    [
        ("3302051501200000", []),
        ("3302055501200000", [Doubt.KK_DATE_IMPOSSIBLE]),  # no day + 40: it is an issue date
        ("3402011501200000", [Doubt.KK_REGION_DIFFERS]),
        ("3302052902010000", [Doubt.KK_DATE_IMPOSSIBLE]),
        ("3302052902000000", []),
    ],
)
def test_a_family_card_holds_its_issue_date(kk_number: str, doubts: list[Doubt]) -> None:
    assert doubts_about_kk(kk_number, kabupaten="33.02") == doubts
