"""A file for the time of a request, on disk under a key that only this process's memory has."""

import io
import os
import tempfile

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CTR

BLOCK = 16
IN_MEMORY = 4 * 1024 * 1024
READ_AHEAD = 256 * 1024


class Spool(io.RawIOBase):
    """Written once from its beginning, then read anywhere; what the disk holds is AES-256-CTR.

    The key is never used for another file, so that the counter may begin at nought.
    """

    def __init__(self) -> None:
        super().__init__()
        self._file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - `close`
        self._key = AES256(os.urandom(32))
        self._writer = Cipher(self._key, CTR(bytes(BLOCK))).encryptor()
        self._reader: CipherContext | None = None
        self._place = 0

    def write(self, data: bytes) -> int:  # type: ignore[override]  # bytes are all we are given
        """Append bytes."""
        self._file.write(self._writer.update(data))
        self._place += len(data)
        return len(data)

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # as above
        """Read from the present place."""
        if self._reader is None:
            self._reader = self._from(self._place)
        plain = self._reader.update(self._file.read(len(buffer)))
        buffer[: len(plain)] = plain
        self._place += len(plain)
        return len(plain)

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to a place of the file."""
        place = self._file.seek(offset, whence)
        if place != self._place:
            self._place, self._reader = place, None
        return place

    def tell(self) -> int:
        """Return the present place."""
        return self._place

    def readable(self) -> bool:
        """Say that it may be read."""
        return True

    def seekable(self) -> bool:
        """Say that any place may be read."""
        return True

    def writable(self) -> bool:
        """Say that it may be written."""
        return True

    def close(self) -> None:
        """Forget the file."""
        self._file.close()
        super().close()

    def buffered(self) -> io.BufferedReader:
        """Return a reader from the beginning, in larger pieces."""
        self.seek(0)
        return io.BufferedReader(self, READ_AHEAD)

    def _from(self, place: int) -> CipherContext:
        block, inside = divmod(place, BLOCK)
        reader = Cipher(self._key, CTR(block.to_bytes(BLOCK, "big"))).decryptor()
        reader.update(bytes(inside))
        return reader


class Outlet:
    """A spool for those who write: without `tell` and `seek`, so that nobody goes back."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool

    def write(self, data: bytes) -> int:
        """Append bytes."""
        return self._spool.write(data)

    def flush(self) -> None:
        """Nothing waits."""
