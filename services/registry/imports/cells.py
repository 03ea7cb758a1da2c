"""Cells as a file's line carries them: their names, `C17`, and marks of what cannot be read."""

import csv
import re
from collections.abc import Iterable, Sequence

MAX_COLUMNS = 250
MARK = "\x1a"
"""Control characters of a sender become spaces: none can be mistaken for a mark of ours."""
CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]+")


class _Line:
    """What `csv` writes to: one line at a time."""

    text = ""

    def write(self, text: str) -> int:
        self.text = text
        return len(text)


_LINE = _Line()
_WRITERS = {mark: csv.writer(_LINE, delimiter=mark, lineterminator="") for mark in ",;\t"}


def joined(cells: Sequence[str], delimiter: str = ",") -> str:
    """Return cells as one line; a row without any content is an empty line."""
    if not any(cells):
        return ""
    _WRITERS[delimiter].writerow(cells)
    return _LINE.text


def split(line: str, delimiter: str) -> list[str]:
    """Return the cells of one line."""
    return next(csv.reader([line], delimiter=delimiter), [])


def plain(text: str) -> str:
    """Return text on one line: line ends and other control characters are spaces."""
    return CONTROL.sub(" ", text) if CONTROL.search(text) else text


def marked(code: str, text: str) -> str:
    """Return a cell that cannot be read, with what stood there for the workbook sent back."""
    return f"{MARK}{code}{MARK}{text}"


def read_mark(cell: str) -> tuple[str | None, str]:
    """Return why a cell cannot be read, None when it can, and what stood there."""
    if not cell.startswith(MARK):
        return None, cell
    code, _, text = cell[1:].partition(MARK)
    return code, text


def column_letters(position: int) -> str:
    """Return the letters of a column by its position, from 0: `A`, `Z`, `AA`."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_position(letters: str) -> int:
    """Return a column's position, from 0, by its letters; -1 when they are none."""
    position = 0
    for letter in letters:
        if not "A" <= letter <= "Z":
            return -1
        position = position * 26 + ord(letter) - ord("A") + 1
    return position - 1


def cell_name(columns: Iterable[str], column: str, row: int) -> str:
    """Return a cell as a spreadsheet names it; a row's own name when it lacks the column."""
    for position, name in enumerate(columns):
        if name == column:
            return f"{column_letters(position)}{row}"
    return f"{row}:{row}"
