"""A file is taken in as it streams, sealed on disk, and refused before it fills that."""

import io
from collections.abc import AsyncIterator

import pytest

from services.registry.imports import incoming
from services.registry.imports.incoming import MAX_MEBIBYTES, MEBIBYTE, received
from services.registry.imports.problems import FileTooLarge, TooManyUploads
from services.registry.imports.spool import Spool

PIECE = bytes(range(256)) * 4096


async def pieces(*given: bytes) -> AsyncIterator[bytes]:
    for piece in given:
        yield piece


async def test_what_came_in_can_be_read_at_any_place() -> None:
    async with received(pieces(PIECE, b"the ", b"end")) as file:
        reader = file.spool.buffered()
        whole = reader.read()
        reader.seek(-5, io.SEEK_END)
        end = reader.read()

    assert (whole, end) == (PIECE + b"the end", b"e end")


def test_the_disk_holds_nothing_that_can_be_read() -> None:
    with Spool() as spool:
        spool.write(b"3302050107150000" * 1000)

        spool._file.seek(0)
        assert b"33020501" not in spool._file.read()


async def test_a_file_that_is_too_large_is_refused_while_it_streams() -> None:
    seen = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal seen
        while True:
            seen += MEBIBYTE
            yield PIECE[:MEBIBYTE]

    with pytest.raises(FileTooLarge):
        async with received(endless()):
            pass

    assert seen == (MAX_MEBIBYTES + 1) * MEBIBYTE


async def test_files_beyond_what_fits_at_once_are_asked_to_come_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(incoming.DOORS, "free", 1)

    async with received(pieces(b"first")):
        with pytest.raises(TooManyUploads):
            async with received(pieces(b"second")):
                pass
    async with received(pieces(b"third")) as third:
        assert third.spool.buffered().read() == b"third"
