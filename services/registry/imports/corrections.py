"""The workbook of rejected rows: what was sent, what is wrong in words, each wrong cell marked."""

from collections.abc import Sequence
from pathlib import Path

import xlsxwriter

from kernel.problems import Language, Text
from services.registry.imports.cells import read_mark, split
from services.registry.imports.columns import OURS, is_of_digits
from services.registry.imports.faults import words
from services.registry.imports.models import HouseholdImport, RowError
from services.registry.imports.rejected import Rejected
from services.registry.imports.spool import Outlet, Spool
from services.registry.imports.template import NARROW, TEXT, WIDE
from services.registry.imports.workbook import SHEET_NAMES

ERROR_COLUMN = dict(zip(("id", "en"), OURS, strict=True))
ROW = Text(id="Baris {row}, {column}: {said}", en="Row {row}, {column}: {said}")
MOST_COMMENTS = 10_000
"""Comments are the one thing that XlsxWriter holds in memory until a workbook's end."""


class Corrections:
    """Writes rows as they come; they wait in `folder`, never in memory.

    Every cell is text with Excel's quote prefix: whatever stands in it, `=`, `+`, `-` or `@`
    first, never becomes a formula, and digits stay digits when the cell is edited.
    """

    def __init__(self, job: HouseholdImport, *, language: Language, folder: Path) -> None:
        self.spool = Spool()
        self._language: Language = language
        self._columns = [name for name in job.columns if name not in OURS]
        self._places = {name: place for place, name in enumerate(job.columns)}
        self._delimiter = job.delimiter
        self._row = self._comments = 0
        self._book = xlsxwriter.Workbook(
            Outlet(self.spool), {"constant_memory": True, "tmpdir": str(folder)}
        )
        self._plain = self._book.add_format({"num_format": TEXT, "quote_prefix": True})
        self._wrong = self._book.add_format(
            {"num_format": TEXT, "quote_prefix": True, "bg_color": "#FFC7CE"}
        )
        self._said = self._book.add_format({"bg_color": "#FFEB9C"})
        self._sheet = self._book.add_worksheet(SHEET_NAMES[0])
        self._begin(self._book.add_format({"bold": True, "bg_color": "#DDEBF7"}))

    def _begin(self, bold: xlsxwriter.format.Format) -> None:
        self._sheet.freeze_panes(1, 1)
        for place, name in enumerate(self._columns):
            width = WIDE if is_of_digits(name) else NARROW
            self._sheet.set_column(place, place, width, self._plain)
        self._sheet.set_column(len(self._columns), len(self._columns), 4 * WIDE)
        for place, name in enumerate([*self._columns, ERROR_COLUMN[self._language]]):
            self._sheet.write_string(0, place, name, bold)

    def write(self, rows: Sequence[Rejected]) -> None:
        """Write some rows."""
        for rejected in rows:
            self._row += 1
            self._write(rejected)

    def finish(self) -> Spool:
        """Return the finished file; it is to be closed by whoever sends it."""
        self._book.close()
        return self.spool

    def _write(self, rejected: Rejected) -> None:
        cells = split(rejected.line, self._delimiter)
        wrong = {error.column: error for error in rejected.errors}
        for place, name in enumerate(self._columns):
            sent = self._places[name]
            _, text = read_mark(cells[sent]) if sent < len(cells) else (None, "")
            form = self._wrong if name in wrong else self._plain
            self._sheet.write_string(self._row, place, text, form)
            if name in wrong and self._comments < MOST_COMMENTS:
                self._comments += 1
                self._sheet.write_comment(self._row, place, self._words(wrong[name]))
        said = "\n".join(self._sentence(error) for error in rejected.errors)
        self._sheet.write_string(self._row, len(self._columns), said, self._said)

    def _sentence(self, error: RowError) -> str:
        details = {"row": error.row, "column": error.column, "said": self._words(error)}
        return ROW.to(self._language, details)

    def _words(self, error: RowError) -> str:
        return words(error.code).to(self._language, {"hint": error.hint})
