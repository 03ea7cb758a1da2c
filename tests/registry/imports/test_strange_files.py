"""Whatever bytes are sent, the answer is an import or a problem of ours: never a fault."""

import contextlib
import io
import zipfile

from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.problems import Problem
from services.registry.imports.reading import lines_of
from services.registry.imports.spool import Spool
from tests.registry.families import card
from tests.registry.imports.books import altered, book, rows_of
from tests.registry.imports.files import file_of, line

BOOK = book(rows_of(1, 2))
TEXT = file_of([line(card(1)), line(card(2))]).encode()
with zipfile.ZipFile(io.BytesIO(BOOK)) as opened:
    PARTS = {name: opened.read(name) for name in opened.namelist()}

mutations = st.lists(
    st.tuples(st.floats(0, 0.999), st.integers(0, 6), st.binary(max_size=8)), min_size=1, max_size=6
)


def mutated(content: bytes, changes: list[tuple[float, int, bytes]]) -> bytes:
    """Return content with some bytes cut out and others put in their place."""
    for place, length, instead in changes:
        start = int(place * len(content))
        content = content[:start] + instead + content[start + length :]
    return content


def read(content: bytes) -> None:
    """Read a file to its end; a problem is an answer."""
    with Spool() as spool, contextlib.suppress(Problem):
        spool.write(content)
        lines = lines_of(spool)
        for number, text in enumerate(lines.rest, start=2):
            lines.layout.row(text, number=number)


@settings(max_examples=150, deadline=None)
@given(mutations)
def test_a_damaged_workbook_is_no_fault_of_ours(changes: list[tuple[float, int, bytes]]) -> None:
    read(mutated(BOOK, changes))


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(sorted(PARTS)), mutations)
def test_a_workbook_with_a_damaged_part_is_no_fault_of_ours(
    name: str, changes: list[tuple[float, int, bytes]]
) -> None:
    read(altered(BOOK, {name: mutated(PARTS[name], changes)}, compressed=False))


@settings(max_examples=150, deadline=None)
@given(mutations)
def test_damaged_text_is_no_fault_of_ours(changes: list[tuple[float, int, bytes]]) -> None:
    read(mutated(TEXT, changes))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_no_fault_of_ours(content: bytes) -> None:
    read(content)
    read(b"PK\x03\x04" + content)
