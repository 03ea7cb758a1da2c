"""An XLSX workbook as lines of a file of families: which sheet, which cells are dates."""

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from posixpath import normpath
from typing import IO

from services.registry.imports.archive import opened
from services.registry.imports.cells import plain
from services.registry.imports.markup import Attributes, elements
from services.registry.imports.problems import SheetHidden, SheetUnclear, WorkbookNotBelievable
from services.registry.imports.sheet import Sheet
from services.registry.imports.strings import Strings

SHEET_NAMES = ("keluarga", "families")
EPOCH, MACINTOSH_EPOCH = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001 - days
MAX_NAME = 31
BUILT_IN_DATES = frozenset({14, 15, 16, 17, 18, 19, 20, 21, 22, 27, 30, 36, 45, 46, 47, 50, 57})
"""Numbers of formats that show dates (ECMA-376 part 1, 18.8.30)."""

DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, ValueError)
"""What unpacking and reading a part of a damaged or forged archive raises."""

Parts = list[tuple[str, Attributes]]


@dataclass(frozen=True)
class Found:
    """The sheet that holds the families, by its name, and where its part is."""

    name: str
    part: str


@contextmanager
def broken_parts() -> Iterator[None]:
    """Tell of a damaged archive as a problem: packed data that does not unpack, parts missing."""
    try:
        yield
    except DAMAGE as error:
        raise WorkbookNotBelievable from error


class Workbook:
    """A workbook whose directory has been looked at."""

    def __init__(self, file: io.BufferedReader) -> None:
        self._archive = opened(file)
        self._names = set(self._archive.namelist())
        self._parts = self._elements("xl/workbook.xml")
        self.sheet = self._families()

    def lines(self, digits: Callable[[str], bool]) -> Iterator[str]:
        """Give the rows of the families' sheet as lines; `digits`: whether a column holds digits.

        Raises:
            Problem: a cell cannot be read, or the file is not what it says.
        """
        sheet = Sheet(
            strings=self._strings(), dates=self._dates(), epoch=self._epoch(), digits=digits
        )
        with self._opened(self.sheet.part) as part:
            yield from sheet.lines(part)

    def _families(self) -> Found:
        targets = {
            found["Id"]: found.get("Target", "")
            for name, found in self._elements("xl/_rels/workbook.xml.rels")
            if name == "Relationship" and "Id" in found
        }
        sheets = [found for name, found in self._parts if name == "sheet"]
        chosen = _chosen(sheets)
        target = targets.get(next((v for k, v in chosen.items() if k.endswith(":id")), ""), "")
        part = normpath(target.lstrip("/") if target.startswith("/") else f"xl/{target}")
        if part not in self._names:
            raise WorkbookNotBelievable
        return Found(plain(chosen.get("name", ""))[:MAX_NAME], part)

    def _strings(self) -> Strings:
        if "xl/sharedStrings.xml" not in self._names:
            return Strings()
        with self._opened("xl/sharedStrings.xml") as part:
            return Strings.read(part)

    def _dates(self) -> list[bool]:
        """Tell of each cell style whether it shows dates."""
        if "xl/styles.xml" not in self._names:
            return []
        parts = self._elements("xl/styles.xml")
        named = {
            found.get("numFmtId"): is_date_format(found.get("formatCode", ""))
            for name, found in parts
            if name == "numFmt"
        }
        styles = [found.get("numFmtId", "0") for found in _inside(parts, "cellXfs", "xf")]
        return [
            named.get(each, each.isdecimal() and int(each) in BUILT_IN_DATES) for each in styles
        ]

    def _epoch(self) -> datetime:
        properties = next((found for name, found in self._parts if name == "workbookPr"), {})
        return MACINTOSH_EPOCH if properties.get("date1904") in {"1", "true"} else EPOCH

    def _elements(self, name: str) -> Parts:
        with self._opened(name) as part:
            return elements(part)

    @contextmanager
    def _opened(self, name: str) -> Iterator[IO[bytes]]:
        with broken_parts(), self._archive.open(name) as part:
            yield part


def is_date_format(code: str) -> bool:
    """Tell whether a format shows a date: it writes years or days outside of quotes."""
    bare, quoted = [], False
    for letter in code.split(";")[0].lower():
        quoted ^= letter in '"[]'
        if not quoted:
            bare.append(letter)
    return any(letter in bare for letter in "yd")


def _chosen(sheets: list[Attributes]) -> Attributes:
    named = [each for each in sheets if each.get("name", "").strip().lower() in SHEET_NAMES]
    visible = [each for each in sheets if each.get("state", "visible") == "visible"]
    if not named and len(visible) != 1:
        raise SheetUnclear(wanted=SHEET_NAMES[0])
    chosen = (named or visible)[0]
    if chosen not in visible:
        raise SheetHidden
    return chosen


def _inside(parts: Parts, outer: str, inner: str) -> Iterator[Attributes]:
    open_ = False
    for name, found in parts:
        open_ = name == outer or (open_ and name != f"/{outer}")
        if open_ and name == inner:
            yield found
