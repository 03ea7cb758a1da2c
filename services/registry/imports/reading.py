"""A file of families as lines, whichever way it was written."""

from collections.abc import Iterator
from dataclasses import dataclass

from services.registry.imports import header
from services.registry.imports.archive import looks_like_csv
from services.registry.imports.cells import split
from services.registry.imports.columns import EXAMPLE, Layout, is_of_digits
from services.registry.imports.delimited import Delimited
from services.registry.imports.spool import Spool
from services.registry.imports.workbook import Workbook

SNIFFED = 512


@dataclass(frozen=True)
class Lines:
    """The rows below the header, one a line; `sheet` is the workbook's, None of CSV."""

    layout: Layout
    rest: Iterator[str]
    sheet: str | None


def lines_of(spool: Spool) -> Lines:
    """Begin to read a file: what it is is told by its first bytes, not by its name.

    Raises:
        Problem: the file is of another kind, or its first rows are not those of a family file.
    """
    file = spool.buffered()
    if looks_like_csv(file.peek(SNIFFED)):
        text = Delimited(file)
        return _begun(text.lines(), text.delimiter, sheet=None)
    workbook = Workbook(file)
    return _begun(workbook.lines(is_of_digits), ",", sheet=workbook.sheet.name)


def _begun(lines: Iterator[str], delimiter: str, *, sheet: str | None) -> Lines:
    layout, rest = header.begin(lines, delimiter)
    return Lines(layout, _without_example(rest, layout), sheet)


def _without_example(lines: Iterator[str], layout: Layout) -> Iterator[str]:
    """Pass over the template's example, which people leave where it is."""
    place = layout.columns.index("reference")
    for line in lines:
        example = EXAMPLE in line and split(line, layout.delimiter)[place].strip() == EXAMPLE
        yield "" if example else line
