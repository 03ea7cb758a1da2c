"""CSV text as lines, one a record: encodings, byte order marks, quotes over several lines."""

import codecs
import csv
import io
from collections.abc import Iterator

from services.registry.imports.cells import (
    MAX_COLUMNS,
    column_letters,
    joined,
    plain,
    split,
)
from services.registry.imports.problems import (
    EncodingWrong,
    FileNotReadable,
    QuoteOpen,
    TooManyColumns,
)

MAX_LINE_BYTES = 64 * 1024
WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Delimited:
    """A CSV file; `row` counts records, as a spreadsheet does: a quoted cell may hold line ends."""

    def __init__(self, file: io.BufferedReader) -> None:
        self._file = file
        self._row = 0
        self.delimiter = delimiter_of(file.peek(MAX_LINE_BYTES)[:MAX_LINE_BYTES])

    def lines(self) -> Iterator[str]:
        """Give the records, empty ones too.

        Raises:
            EncodingWrong, FileNotReadable, QuoteOpen, TooManyColumns: naming the cell or row.
        """
        while (line := self._line()) is not None:
            self._row += 1
            text = self._text(line)
            if text.count('"') % 2:
                text = self._record(text)
            if text.count(self.delimiter) >= MAX_COLUMNS:
                self._require_narrow(text)
            yield text

    def _line(self) -> bytes | None:
        line = self._file.readline(MAX_LINE_BYTES + 1)
        if len(line) > MAX_LINE_BYTES:
            raise FileNotReadable(row=self._row + 1)
        return line or None

    def _text(self, line: bytes) -> str:
        if self._row == 1 and (line.startswith(WIDE) or b"\0" in line[:64]):
            raise EncodingWrong(cell="A1", encoding="UTF-16")
        try:
            # Spreadsheets begin UTF-8 files with a byte order mark.
            text = line.rstrip(b"\r\n").decode("utf-8-sig" if self._row == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise self._wrong_encoding(line, error.start) from error
        if "\0" in text:
            raise FileNotReadable(row=self._row)
        return plain(text)

    def _wrong_encoding(self, line: bytes, start: int) -> EncodingWrong:
        before = line[:start].decode("latin-1").replace("\r", " ").replace("\n", " ")
        cell = f"{column_letters(max(len(split(before, self.delimiter)) - 1, 0))}{self._row}"
        return EncodingWrong(cell=cell, encoding=likely_encoding(line[start:]))

    def _record(self, text: str) -> str:
        """Read on while a quoted cell is open; its line ends become spaces."""
        rest = self._more(len(text))
        cells = next(csv.reader(self._beginning(text, rest), delimiter=self.delimiter))
        return joined([plain(cell) for cell in cells], self.delimiter)

    def _beginning(self, text: str, rest: Iterator[str]) -> Iterator[str]:
        yield text + "\n"
        yield from rest
        raise QuoteOpen(row=self._row)

    def _more(self, size: int) -> Iterator[str]:
        while (line := self._line()) is not None:
            size += len(line)
            if size > MAX_LINE_BYTES:
                raise QuoteOpen(row=self._row)
            yield self._text(line) + "\n"

    def _require_narrow(self, text: str) -> None:
        if len(split(text, self.delimiter)) > MAX_COLUMNS:
            cell = f"{column_letters(MAX_COLUMNS)}{self._row}"
            raise TooManyColumns(cell=cell, most=MAX_COLUMNS)


def delimiter_of(head: bytes) -> str:
    """Return what the first line separates by; Indonesian spreadsheets write semicolons."""
    line = head.partition(b"\n")[0]
    return max(",;\t", key=lambda mark: line.count(mark.encode()))


def likely_encoding(rest: bytes) -> str:
    """Name the encoding that text which is no UTF-8 probably has."""
    try:
        letter = rest[:1].decode("cp1252")
    except UnicodeDecodeError:
        return "ISO-8859 / IBM437"
    return "Windows-1252 (ANSI)" if letter.isprintable() else "ISO-8859 / IBM437"
