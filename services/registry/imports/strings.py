"""The texts that a workbook's cells share, packed: millions of them in one block of bytes."""

import re
from array import array
from typing import IO

from services.registry.imports.cells import plain
from services.registry.imports.markup import Attributes, local, pieces
from services.registry.imports.problems import WorkbookNotBelievable

MAX_BYTES = 512 * 1024 * 1024
MAX_TEXTS = 32_000_000
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""How Excel writes what XML cannot hold (ECMA-376 part 1, 22.9.2.19)."""


class Strings:
    """Texts by their number; about 20 bytes for one of 15 letters."""

    def __init__(self) -> None:
        self._block = bytearray()
        self._ends = array("I", [0])
        self._parts: list[str] = []
        self._letters = 0
        self._reading = self._skipping = False

    @classmethod
    def read(cls, part: IO[bytes]) -> "Strings":
        """Read the part of shared strings.

        Raises:
            WorkbookNotBelievable: it is damaged, or holds more than 512 million letters.
        """
        strings = cls()
        for _ in pieces(part, strings):
            if strings._letters > MAX_BYTES or len(strings._ends) > MAX_TEXTS:
                raise WorkbookNotBelievable
        return strings

    def __getitem__(self, number: int) -> str:
        """Return a text.

        Raises:
            IndexError: there is none of this number.
        """
        if number < 0:
            raise IndexError(number)
        return self._block[self._ends[number] : self._ends[number + 1]].decode()

    def start(self, name: str, _: Attributes) -> None:
        """Begin a text, or a part of one; how it is pronounced (`rPh`) is passed over."""
        name = local(name)
        if name == "si":
            self._parts = []
        elif name == "rPh":
            self._skipping = True
        self._reading = name == "t" and not self._skipping

    def end(self, name: str) -> None:
        """Keep a text that is complete."""
        name = local(name)
        self._reading = False
        if name == "rPh":
            self._skipping = False
        elif name == "si":
            self._block += cleaned("".join(self._parts)).encode("utf-8", "replace")
            self._ends.append(len(self._block))

    def text(self, text: str) -> None:
        """Take a piece of a text."""
        if self._reading:
            self._letters += len(text)
            self._parts.append(text)


def cleaned(text: str) -> str:
    """Return a cell's text on one line."""
    if "_x" in text:
        text = ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return plain(text).strip()
