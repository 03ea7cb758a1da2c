"""The rows of one sheet as lines, while its XML streams by."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import IO

from services.registry.imports.cells import (
    MAX_COLUMNS,
    column_letters,
    column_position,
    joined,
    marked,
)
from services.registry.imports.faults import Fault
from services.registry.imports.markup import Attributes, pieces
from services.registry.imports.problems import CellsMerged, TooManyColumns, WorkbookNotBelievable
from services.registry.imports.strings import Strings, cleaned

MAX_ROWS = 1_048_576
MAX_TEXT = 32_767
"""Rows and letters of a cell that Excel itself allows."""
MAX_PIECES = 1000
"""Pieces of one cell's text as expat gives them, of up to 8 KiB."""
LEAP_BUG = 61
"""Excel's 60 is the 29th of February 1900, a day that never was: before 61 its days are wrong."""
MAX_SERIAL = 2_958_466
SAFE_DIGITS = 15


class Sheet:
    """Reads cells as expat tells of them; `numbers` names the columns that hold digits as text.

    What kind of value a cell holds is decided here, where it is still known: text of 16 digits is
    a NIK, a number of 16 digits has lost its last ones.
    """

    def __init__(
        self,
        *,
        strings: Strings,
        dates: Sequence[bool],
        epoch: datetime,
        digits: Callable[[str], bool],
    ) -> None:
        self._strings, self._dates, self._epoch, self._digits = strings, dates, epoch, digits
        self._of_digits: set[int] = set()
        self._row = self._position = self._width = 0
        self._cells: list[str] = []
        self._parts: list[str] = []
        self._type = self._style = ""
        self._reading = self._formula = False
        self._ready: list[str] = []

    def lines(self, part: IO[bytes]) -> Iterator[str]:
        """Give each row as a line, empty ones too.

        Raises:
            CellsMerged, TooManyColumns, WorkbookNotBelievable: naming the cell where there is one.
        """
        for _ in pieces(part, self):
            yield from self._ready
            self._ready.clear()
        yield from self._ready

    def start(self, name: str, attributes: Attributes) -> None:
        """A row, a cell, or what stands in it begins."""
        name = name if ":" not in name else name.rpartition(":")[2]
        if name == "c":
            self._begin_cell(attributes)
        elif name in {"v", "t"}:
            self._reading = True
        elif name == "f":
            self._formula = True
        elif name == "row":
            self._begin_row(attributes.get("r", ""))
        elif name == "mergeCell":
            raise CellsMerged(cells=cleaned(attributes.get("ref", ""))[:30])

    def end(self, name: str) -> None:
        """A row, a cell, or what stands in it ends."""
        name = name if ":" not in name else name.rpartition(":")[2]
        if name in {"v", "t"}:
            self._reading = False
        elif name == "c":
            self._end_cell()
        elif name == "row":
            self._end_row()

    def text(self, text: str) -> None:
        """Take a piece of a cell's value."""
        if not self._reading:
            return
        self._parts.append(text)
        if len(self._parts) > MAX_PIECES:
            raise WorkbookNotBelievable

    def _begin_row(self, number: str) -> None:
        row = int(number) if number.isdecimal() else self._row + 1
        if not self._row < row <= MAX_ROWS:
            raise WorkbookNotBelievable
        self._ready += [""] * (row - self._row - 1)
        self._row, self._position, self._cells = row, -1, []

    def _end_row(self) -> None:
        if not self._width and any(self._cells):
            self._width = len(self._cells)
            cells = enumerate(self._cells)
            self._of_digits = {place for place, name in cells if self._digits(name.lower())}
        if any(self._cells):
            self._cells += [""] * (self._width - len(self._cells))
        self._ready.append(joined(self._cells))

    def _begin_cell(self, attributes: Attributes) -> None:
        letters = attributes.get("r", "").rstrip("0123456789")
        self._position = column_position(letters) if letters else self._position + 1
        self._type, self._style = attributes.get("t", "n"), attributes.get("s", "0")
        self._parts, self._formula = [], False

    def _end_cell(self) -> None:
        raw = "".join(self._parts)
        if not raw and not self._formula:
            return
        if not 0 <= self._position < MAX_COLUMNS:
            raise TooManyColumns(
                cell=f"{column_letters(max(self._position, 0))}{self._row}", most=MAX_COLUMNS
            )
        self._cells += [""] * (self._position + 1 - len(self._cells))
        self._cells[self._position] = self._value(raw)[:MAX_TEXT]

    def _value(self, raw: str) -> str:
        if self._formula:
            return marked(Fault.FORMULA_CELL, self._shown(raw))
        if self._type == "e":
            return marked(Fault.ERROR_CELL, cleaned(raw))
        if self._type == "b":
            return marked(Fault.BOOLEAN_CELL, "true" if raw.strip() == "1" else "false")
        if self._type == "n" and self._position in self._of_digits:
            return marked(Fault.NUMBER_CELL, number(raw))
        return self._shown(raw)

    def _shown(self, raw: str) -> str:
        if self._type == "s":
            return self._shared(raw)
        if self._type == "d":
            return cleaned(raw).removesuffix("T00:00:00")
        if self._type != "n":
            return cleaned(raw)
        return self._day(raw) if self._is_date() else number(raw)

    def _shared(self, raw: str) -> str:
        try:
            return self._strings[int(raw)]
        except (IndexError, ValueError) as error:
            raise WorkbookNotBelievable from error

    def _is_date(self) -> bool:
        place = int(self._style) if self._style.isdecimal() else 0
        return place < len(self._dates) and self._dates[place]

    def _day(self, raw: str) -> str:
        try:
            days = float(raw)
        except ValueError:
            return cleaned(raw)
        if not LEAP_BUG <= days < MAX_SERIAL:
            return marked(Fault.DATE_CELL, cleaned(raw))
        moment = self._epoch + timedelta(days=days)
        return moment.isoformat().removesuffix("T00:00:00")


def number(raw: str) -> str:
    """Return a number as people write it: `2`, not `2.0` or `2E0`; what is none, as it stands."""
    try:
        value = Decimal(raw.strip())
    except InvalidOperation:
        return cleaned(raw)
    if not value.is_finite() or abs(value.adjusted()) > 2 * SAFE_DIGITS:
        return cleaned(raw)
    return f"{value.normalize():f}"
