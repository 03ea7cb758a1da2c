"""Audit tamper: whatever is done to an exported ledger, the verifier names the first bad row."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.audit import (
    GENESIS,
    Head,
    HeadSigner,
    Tampered,
    Tampering,
    chained,
    digest,
    read_heads,
    verify,
)
from tests.world import Json

SIGNER, STRANGER = HeadSigner(b"\x07" * 32), HeadSigner(b"\x08" * 32)
ROWS = 12
ENTRIES: list[dict[str, Json]] = [
    {"actor": f"desk-{n}", "household_ids": [f"family-{n}"]} for n in range(1, ROWS + 1)
]
LINKS = list(chained(ENTRIES))
LINES = [link.line() for link in LINKS]
HEADS = [Head("accesses", n, LINKS[n - 1].hash, "2026-01-01T00:00:00+00:00") for n in (4, ROWS)]

rows = st.integers(min_value=1, max_value=ROWS)
inner_rows = st.integers(min_value=1, max_value=ROWS - 1)


def finding(lines: list[str], heads: list[Head] = HEADS) -> tuple[Tampering, int]:
    """Return what the verifier says is wrong, and the row that it names."""
    with pytest.raises(Tampered) as caught:
        verify(lines, heads=heads)
    return caught.value.finding[:2]


def edited(line: str, edit: Callable[[dict[str, Json]], None], *, rehash: bool = False) -> str:
    """Return a row after somebody edited it, with a hash made to fit when they know how."""
    told = json.loads(line)
    edit(told)
    if rehash:
        told["hash"] = digest(told["number"], told["previous"], told["entry"])
    return json.dumps(told)


def blame_another(told: dict[str, Json]) -> None:
    """Write another desk into a row."""
    told["entry"]["actor"] = "somebody-else"


def test_an_untouched_ledger_is_whole() -> None:
    assert verify(LINES, heads=HEADS) == ROWS


def test_an_empty_ledger_without_a_head_is_whole() -> None:
    assert verify([], heads=[]) == 0


def test_a_ledger_may_begin_behind_a_signed_head() -> None:
    assert verify(LINES[4:], heads=HEADS, after=4) == ROWS


@given(row=rows)
def test_a_changed_row_is_named(row: int) -> None:
    lines = [*LINES]

    lines[row - 1] = edited(lines[row - 1], blame_another)

    assert finding(lines) == (Tampering.CHANGED, row)


@given(row=inner_rows)
def test_a_row_replaced_by_one_that_hashes_right_is_named(row: int) -> None:
    lines = [*LINES]

    lines[row - 1] = edited(lines[row - 1], blame_another, rehash=True)

    expected = Tampering.REWRITTEN if row == HEADS[0].number else Tampering.REPLACED
    named = 1 if expected is Tampering.REWRITTEN else row
    assert finding(lines) == (expected, named)


@given(row=inner_rows)
def test_a_removed_row_is_named(row: int) -> None:
    lines = LINES[: row - 1] + LINES[row:]

    assert finding(lines) == (Tampering.REMOVED, row)


@given(kept=st.integers(min_value=0, max_value=ROWS - 1))
def test_a_cut_tail_is_named_by_the_signed_head(kept: int) -> None:
    assert finding(LINES[:kept]) == (Tampering.CUT, kept + 1)


@given(row=inner_rows, other=rows)
def test_rows_that_changed_places_are_named(row: int, other: int) -> None:
    first, second = sorted((row, other if other != row else row + 1))
    lines = [*LINES]

    lines[first - 1], lines[second - 1] = lines[second - 1], lines[first - 1]

    assert finding(lines) == (Tampering.MOVED, first)


@given(row=rows)
def test_an_added_row_is_named(row: int) -> None:
    forged = edited(LINES[row - 1], blame_another, rehash=True)
    lines = [*LINES[:row], forged, *LINES[row:]]

    assert finding(lines) == (Tampering.ADDED, row)


@given(row=rows)
def test_a_ledger_computed_anew_from_a_row_on_does_not_meet_the_signed_heads(row: int) -> None:
    entries = [dict(entry) for entry in ENTRIES]
    entries[row - 1]["actor"] = "somebody-else"

    lines = [link.line() for link in chained(entries)]

    tampering, earliest = finding(lines)
    assert tampering is Tampering.REWRITTEN
    assert earliest <= row


@given(row=rows, junk=st.text(max_size=40).filter(lambda text: "number" not in text))
def test_a_line_that_is_no_row_is_named(row: int, junk: str) -> None:
    lines = [*LINES]

    lines[row - 1] = junk

    assert finding(lines) == (Tampering.UNREADABLE, row)


def test_a_first_row_that_follows_on_nothing_known_is_named() -> None:
    lines = [edited(LINES[0], lambda told: told.update(previous="f" * 64), rehash=True)]

    assert finding(lines + LINES[1:]) == (Tampering.REPLACED, 1)
    assert LINKS[0].previous == GENESIS


def test_signed_heads_are_read_in_the_order_of_the_chain() -> None:
    tokens = [SIGNER.sign(head) for head in reversed(HEADS)]

    assert read_heads(tokens, jwks=SIGNER.jwks()) == HEADS


@pytest.mark.parametrize("how", ["another key", "another payload", "no signature", "junk"])
def test_a_forged_head_is_refused(how: str) -> None:
    header, _, signature = SIGNER.sign(HEADS[1]).split(".")
    other_payload = SIGNER.sign(HEADS[0]).split(".")[1]
    tokens = {
        "another key": STRANGER.sign(HEADS[1]),
        "another payload": f"{header}.{other_payload}.{signature}",
        "no signature": f"{header}.{other_payload}.",
        "junk": "x",
    }

    with pytest.raises(Tampered) as caught:
        read_heads([tokens[how]], jwks=SIGNER.jwks())

    assert caught.value.finding.tampering is Tampering.FORGED_HEAD
