"""A file is read while it streams in, and refused before it fills the memory."""

from collections.abc import AsyncIterator

import pytest

from services.registry.imports.incoming import MAX_MEBIBYTES, MEBIBYTE, Incoming
from services.registry.imports.problems import FileNotReadable, FileTooLarge

LINE = b"a" * (32 * 1024 - 1) + b"\n"


async def pieces(*given: bytes) -> AsyncIterator[bytes]:
    for piece in given:
        yield piece


async def test_a_line_may_arrive_in_pieces() -> None:
    incoming = Incoming(pieces(b"Desa \xc3", b"\xa9\r", b"\nsecond"))

    assert [line async for line in incoming.lines()] == ["Desa é", "second"]


async def test_a_file_that_is_too_large_is_refused_while_it_streams() -> None:
    endless = Incoming(pieces(*([LINE * 32] * (MAX_MEBIBYTES + 1))))

    with pytest.raises(FileTooLarge) as refused:
        async for _ in endless.lines():
            pass

    assert (refused.value.code, MEBIBYTE) == ("REG-0603", len(LINE) * 32)


async def test_a_line_without_end_is_refused() -> None:
    with pytest.raises(FileNotReadable):
        async for _ in Incoming(pieces(*([b"a" * 40_000] * 3))).lines():
            pass
