"""Check digits of containers (ISO 6346) and of GS1 keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.export.shipments.identifiers import (
    container_check_digit,
    gs1_check_digit,
    is_container_number,
    sscc,
)


@pytest.mark.parametrize(
    "number", ["CSQU3054383", "MSKU9070323", "MSCU6639870", "TGHU1234567", "TOLU4734787"]
)
def test_real_container_numbers(number: str) -> None:
    assert is_container_number(number)


@pytest.mark.parametrize(
    "number", ["CSQU3054384", "CSQU305438", "CSQX3054383", "csqu3054383", "CSQU30543830", ""]
)
def test_wrong_container_numbers(number: str) -> None:
    assert not is_container_number(number)


@given(st.from_regex(r"[A-Z]{3}[UJZ][0-9]{6}", fullmatch=True), st.integers(0, 9), st.data())
def test_a_mistyped_digit_is_seen(number: str, typed: int, data: st.DataObject) -> None:
    right = f"{number}{container_check_digit(number)}"
    place = data.draw(st.integers(4, 9))
    mistyped = f"{right[:place]}{typed}{right[place + 1 :]}"

    # The standard asks owners to leave out serials whose remainder is 10: it looks like 0.
    assert is_container_number(right)
    if mistyped != right and is_container_number(mistyped):
        assert right[10] == "0"


@pytest.mark.parametrize(
    ("digits", "check"), [("10614141192837465", 7), ("629104150021", 3), ("03600029145", 2)]
)
def test_gs1_check_digits(digits: str, check: int) -> None:
    assert gs1_check_digit(digits) == check


@given(st.integers(1, 10**9 - 1))
def test_an_sscc_has_eighteen_digits_and_a_right_check_digit(serial: int) -> None:
    code = sscc(serial)

    assert len(code) == 18
    assert code.isdigit()
    assert int(code[17]) == gs1_check_digit(code[:17])
