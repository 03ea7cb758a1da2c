"""What the platform answers, as people read it and write it: columns, moments of their zone."""

import typing
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from cli.failures import CannotGoOn
from cli.screen import said

Json = typing.Any  # noqa: TID251 - what JSON may hold


def table(titles: Mapping[str, str], rows: Sequence[Mapping[str, Json]]) -> Iterator[str]:
    """Yield the named members of every row below their titles; of no rows, that there are none."""
    if not rows:
        yield said(id="Tidak ada.", en="There are none.")
        return
    cells = [[cell(name, row[name]) for name in titles] for row in rows]
    yield from lines([[*titles.values()], *cells])


def lines(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield rows in columns; no cell is cut, however narrow the terminal: ids are to be copied."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "   ".join(cells).rstrip()


def cell(name: str, value: Json) -> str:
    """Return a member of an answer as text; a moment (`failed_at`) in this machine's zone."""
    if value is None:
        return ""
    if name.endswith("_at"):
        return f"{datetime.fromisoformat(value).astimezone():%Y-%m-%d %H:%M:%S}"
    text = ", ".join(value) if isinstance(value, list) else str(value)
    return "".join(each if each.isprintable() else "?" for each in text)


def moment(text: str | None) -> str | None:
    """Return a moment as the API reads it; one without an offset is of this machine's zone.

    Raises:
        CannotGoOn: it is no moment.
    """
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text).astimezone().isoformat()
    except (ValueError, OverflowError) as error:
        raise CannotGoOn(
            id=f"{text} bukan waktu: tulis seperti 2026-09-01T22:30 atau 2026-09-01T22:30+07:00.",
            en=f"{text} is no time: write it like 2026-09-01T22:30 or 2026-09-01T22:30+07:00.",
        ) from error
