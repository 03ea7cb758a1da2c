"""A file's first row: which columns it names, and what is said of those that it should not."""

import difflib
from collections.abc import Iterator, Sequence
from itertools import chain, islice

from kernel.problems import FieldError, Text
from services.registry.imports.cells import column_letters, read_mark, split
from services.registry.imports.columns import KNOWN, PLACE_NAMES, REQUIRED, Layout, member_columns
from services.registry.imports.problems import ColumnsWrong, HeaderElsewhere, HeaderTwice

LOOK_DOWN = 10
"""Rows in which the names of the columns are looked for when the first has none."""
MOST_ERRORS = 30
ENOUGH_NAMES = 3
"""Cells of a row that name columns: no family is called `kk_number`."""

MISSING_COLUMN = Text(id="Kolom wajib ini tidak ada.", en="This required column is missing.")


def begin(lines: Iterator[str], delimiter: str) -> tuple[Layout, Iterator[str]]:
    """Read the first row; return the layout and the rows that follow.

    Raises:
        ColumnsWrong, HeaderElsewhere, HeaderTwice: telling which columns or row.
    """
    first = next(lines, "")
    below = list(islice(lines, LOOK_DOWN))
    try:
        layout = layout_of(first, delimiter)
    except ColumnsWrong:
        for row, line in enumerate(below, start=2):
            if names_columns(line, delimiter):
                raise HeaderElsewhere(row=row) from None
        raise
    if below and names_columns(below[0], delimiter):
        raise HeaderTwice(row=2)
    return layout, chain(below, lines)


def names_columns(line: str, delimiter: str) -> bool:
    """Tell whether a row names columns itself."""
    return len({*_names(line, delimiter)} & {*KNOWN}) >= ENOUGH_NAMES


def layout_of(header: str, delimiter: str) -> Layout:
    """Read a header row.

    Raises:
        ColumnsWrong: columns are missing, unknown or named twice. An unknown name is told by
            its cell alone: a file without header has a person's data there.
    """
    columns = _names(header, delimiter)
    errors = [*_missing(columns), *_unfit(columns)]
    if errors:
        raise ColumnsWrong(errors=tuple(errors[:MOST_ERRORS]), wrong=len(errors))
    return Layout(columns, delimiter)


def _names(line: str, delimiter: str) -> list[str]:
    return [read_mark(cell.strip())[1].lower() for cell in split(line, delimiter)]


def _missing(columns: Sequence[str]) -> Iterator[FieldError]:
    required = [name for name in REQUIRED if name != "desa_code" or "desa_name" not in columns]
    for name in (*required, *member_columns(1)):
        if name not in columns:
            yield FieldError(f"/columns/{name}", "missing", MISSING_COLUMN)
    if "desa_name" in columns:
        for name in PLACE_NAMES[1:]:
            if name not in columns:
                yield FieldError(f"/columns/{name}", "missing", MISSING_COLUMN)


def _unfit(columns: Sequence[str]) -> Iterator[FieldError]:
    for position, name in enumerate(columns):
        cell = f"{column_letters(position)}1"
        if name not in KNOWN:
            yield FieldError(f"/columns/{position}", "unknown", _unknown(cell, name))
        elif name in columns[:position]:
            yield FieldError(f"/columns/{name}", "repeated", _repeated(cell))


def _unknown(cell: str, name: str) -> Text:
    near = difflib.get_close_matches(name[:60], KNOWN, n=1, cutoff=0.75)
    if not near:
        return Text(id=f"{cell}: kolom ini tidak dikenal.", en=f"{cell}: this column is unknown.")
    return Text(
        id=f"{cell}: kolom ini tidak dikenal; maksudnya '{near[0]}'?",
        en=f"{cell}: this column is unknown; is '{near[0]}' meant?",
    )


def _repeated(cell: str) -> Text:
    return Text(
        id=f"{cell}: kolom ini disebut dua kali.", en=f"{cell}: this column is named twice."
    )
