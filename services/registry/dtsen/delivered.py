"""Reading what BPS delivers: a CSV file of families and deciles, line by line as it streams in."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from uuid import UUID

from services.registry.dtsen.problems import FirstLineWrong, LinesNotReadable, TooManyLines
from services.registry.dtsen.queries import NAMED_AT_MOST, Batch, NamedBy

MOST_LINES = 400_000
LINES_A_BATCH = 10_000
LONGEST_LINE = 200
FIRST_LINE = 2  # the first one names the columns
BYTE_ORDER_MARK = "\ufeff"
DECILES = {str(decile): decile for decile in range(1, 11)}


@dataclass
class Lines:
    """Lines that wait to be written, and the numbers of those that nobody can read."""

    by: NamedBy
    numbers: list[int] = field(default_factory=list)
    families: list[str] = field(default_factory=list)
    deciles: list[int] = field(default_factory=list)
    wrong: list[int] = field(default_factory=list)

    def take(self, number: int, line: str) -> None:
        """Keep a line, or its number when it is no family and decile."""
        family, _, decile = (part.strip().strip('"') for part in line.partition(","))
        if decile not in DECILES or not self._names(family):
            self.wrong.append(number)
            return
        self.numbers.append(number)
        self.families.append(family)
        self.deciles.append(DECILES[decile])

    def batch(self) -> Batch:
        """Return what was kept, to be written in one statement."""
        return Batch(self.by, self.numbers, self.families, self.deciles)

    def _names(self, family: str) -> bool:
        if self.by is NamedBy.REFERENCE:
            return bool(family)
        try:
            UUID(family)
        except ValueError:
            return False
        return True


async def batches(stream: AsyncIterator[bytes]) -> AsyncIterator[Batch]:
    """Give the lines of a file, some thousands at a time.

    Raises:
        FirstLineWrong, LinesNotReadable, TooManyLines: while reading.
    """
    lines = _lines(stream)
    by = _named_by(await anext(lines, ""))
    kept, wrong, number = Lines(by), list[int](), FIRST_LINE - 1
    async for line in lines:
        number += 1
        if line:
            kept.take(number, line)
        if number > MOST_LINES + 1:
            raise TooManyLines(most=MOST_LINES)
        if len(kept.numbers) == LINES_A_BATCH:
            yield kept.batch()
            wrong, kept = wrong + kept.wrong, Lines(by)
    yield kept.batch()
    require_readable(wrong + kept.wrong)


def require_readable(wrong: list[int]) -> None:
    """Guard a file.

    Raises:
        LinesNotReadable: some lines are no family and decile.
    """
    if wrong:
        raise LinesNotReadable(count=len(wrong), lines=some_of(wrong))


def some_of(lines: list[int]) -> str:
    """Return the first numbers of lines, to be read in a sentence."""
    more = ", ..." if len(lines) > NAMED_AT_MOST else ""
    return ", ".join(str(number) for number in lines[:NAMED_AT_MOST]) + more


def _named_by(first_line: str) -> NamedBy:
    columns = first_line.removeprefix(BYTE_ORDER_MARK).replace('"', "")
    by = next((each for each in NamedBy if columns == f"{each},decile"), None)
    if by is None:
        raise FirstLineWrong
    return by


async def _lines(stream: AsyncIterator[bytes]) -> AsyncIterator[str]:
    rest = b""
    async for piece in stream:
        *whole, rest = (rest + piece).split(b"\n")
        for line in whole:
            yield _text(line)
    if rest:
        yield _text(rest)


def _text(line: bytes) -> str:
    """Return a line; what is no UTF-8 or too long names nobody, and is reported as unreadable."""
    return line[:LONGEST_LINE].decode(errors="replace").strip().replace("\0", "\ufffd")
