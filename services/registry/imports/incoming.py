"""Taking the bytes of a file in: their size, their hash, and how many files at a time."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from services.registry.imports.doors import Doors
from services.registry.imports.problems import FileTooLarge, TooManyUploads
from services.registry.imports.spool import Spool

MEBIBYTE = 1024 * 1024
MAX_MEBIBYTES = 256
AT_ONCE = 4
"""Files that one process takes in together: each may fill 256 MiB of its disk."""


@dataclass(frozen=True)
class Received:
    """A file that came in whole."""

    spool: Spool
    sha256: bytes


DOORS = Doors(AT_ONCE, TooManyUploads)


@asynccontextmanager
async def received(stream: AsyncIterator[bytes]) -> AsyncIterator[Received]:
    """Take a file in, and forget it at the end of the block.

    Raises:
        FileTooLarge: while it streams, before the rest is read.
        TooManyUploads: before anything is read.
    """
    with DOORS.entered(), Spool() as spool:
        digest = hashlib.sha256()
        async for piece in stream:
            digest.update(piece)
            spool.write(piece)
            if spool.tell() > MAX_MEBIBYTES * MEBIBYTE:
                raise FileTooLarge(mebibytes=MAX_MEBIBYTES)
        yield Received(spool, digest.digest())
