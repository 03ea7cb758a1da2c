"""The XML parts of a workbook, read as a stream by expat; nothing of them is built in memory."""

from collections.abc import Iterator
from typing import IO, Protocol
from xml.parsers import expat

from services.registry.imports.problems import WorkbookNotBelievable

PIECE = 64 * 1024
MAX_TOKEN = 4 * 1024 * 1024
"""Bytes of one tag or text that expat may hold back until its end."""
Attributes = dict[str, str]


class Reader(Protocol):
    """What is told of each element, by its name without prefix."""

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, text: str) -> None:
        """Text stands in the element."""


def pieces(part: IO[bytes], reader: Reader) -> Iterator[None]:
    """Tell the reader of a part, stopping after each piece of it.

    Raises:
        WorkbookNotBelievable: it is no XML, or brings a document type (entities that grow).
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    fed = 0
    try:
        while data := part.read(PIECE):
            fed += len(data)
            parser.Parse(data, False)
            if fed - parser.CurrentByteIndex > MAX_TOKEN:
                raise WorkbookNotBelievable
            yield
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise WorkbookNotBelievable from error


def local(name: str) -> str:
    """Return an element's name without its prefix."""
    return name.rpartition(":")[2]


def _refuse(*_: object) -> None:
    raise WorkbookNotBelievable


class Elements:
    """Remembers the elements of a small part, in order, up to a number."""

    MOST = 50_000

    def __init__(self) -> None:
        self.found: list[tuple[str, Attributes]] = []

    def start(self, name: str, attributes: Attributes) -> None:
        """Remember it."""
        if len(self.found) >= self.MOST:
            raise WorkbookNotBelievable
        self.found.append((local(name), attributes))

    def end(self, name: str) -> None:
        """Remember its end, for what stands between."""
        self.found.append((f"/{local(name)}", {}))

    def text(self, text: str) -> None:
        """Small parts say everything in attributes."""


def elements(part: IO[bytes]) -> list[tuple[str, Attributes]]:
    """Return the elements of a small part: names with attributes, and `/name` at their ends."""
    reader = Elements()
    for _ in pieces(part, reader):
        continue
    return reader.found
