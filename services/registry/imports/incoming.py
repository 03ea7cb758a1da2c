"""Reading a file while it streams in: its lines, its size, its hash."""

import hashlib
from collections.abc import AsyncIterator

from services.registry.imports.problems import FileNotReadable, FileTooLarge

MEBIBYTE = 1024 * 1024
MAX_MEBIBYTES = 256
MAX_LINE_BYTES = 64 * 1024


class Incoming:
    """A file under way; `sha256` holds once every line was read."""

    def __init__(self, stream: AsyncIterator[bytes]) -> None:
        self._stream = stream
        self._hash = hashlib.sha256()
        self._size = 0
        self._row = 0

    @property
    def sha256(self) -> bytes:
        """Return the hash of what was read."""
        return self._hash.digest()

    async def lines(self) -> AsyncIterator[str]:
        """Give the lines of the file, blank ones too.

        Raises:
            FileTooLarge, FileNotReadable: while streaming, before the rest is read.
        """
        rest = b""
        async for piece in self._stream:
            self._take(piece)
            *whole, rest = (rest + piece).split(b"\n")
            for line in whole:
                yield self._text(line)
            if len(rest) > MAX_LINE_BYTES:
                raise FileNotReadable(row=self._row + 1)
        if rest:
            yield self._text(rest)

    def _take(self, piece: bytes) -> None:
        self._hash.update(piece)
        self._size += len(piece)
        if self._size > MAX_MEBIBYTES * MEBIBYTE:
            raise FileTooLarge(mebibytes=MAX_MEBIBYTES)

    def _text(self, line: bytes) -> str:
        self._row += 1
        # Spreadsheets begin UTF-8 files with a byte order mark.
        encoding = "utf-8-sig" if self._row == 1 else "utf-8"
        try:
            text = line.rstrip(b"\r").decode(encoding)
        except UnicodeDecodeError as error:
            raise FileNotReadable(row=self._row) from error
        if "\0" in text or "\r" in text:
            raise FileNotReadable(row=self._row)
        return text
