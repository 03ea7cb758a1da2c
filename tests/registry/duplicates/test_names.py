"""Names are compared as people say them, not as offices spell them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.duplicates.names import trigrams, words_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("H. Moh. Soekardjo", "Muhammad Sukarjo"),
        ("Abdurrahman", "Abdul Rahman"),
        ("Abd. Rahman", "ABDUL RAHMAN"),
        ("Siti Chotimah binti Ahmad", "Sitti Khotimah"),
        ("St. Hotimah", "Siti Khotimah"),
        ("Drs. Djoko Tjahjono, S.Pd.", "Joko Cahyono"),
        ("Hj. Fatimah", "Patimah"),
        ("Zainal Arifin", "Arifin Zaenal"),
        ("Noer Aini", "Nur Aini"),
        ("Achmad Syarief", "Ahmad Sarief"),
        ("Sri Wahyuni", "SRIE WAHJOENI"),
        ("Widya Ningsih", "Ningsih Widia"),
    ],
)
def test_one_name_in_two_spellings_is_one(one: str, other: str) -> None:
    assert words_of(one) == words_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Siti Aminah", "Siti Aisyah"), ("Budi Santoso", "Budi Susanto"), ("Sri Lestari", "Lestari")],
)
def test_two_names_stay_two(one: str, other: str) -> None:
    assert words_of(one) != words_of(other)


def test_a_name_of_titles_alone_is_still_a_name() -> None:
    assert words_of("Raden") == ("raden",)


@given(st.text(max_size=60))
def test_every_text_has_words_and_trigrams(name: str) -> None:
    words = words_of(name)

    assert words == tuple(sorted(words))
    assert bool(trigrams(words)) == bool(words)
