"""The regions as they are shipped: one compressed table, read into the database in one go."""

import csv
import lzma
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple, TextIO

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from services.registry.regions.models import level_of, parent_of, search_name_of

FILE = Path(__file__).with_name("regions.csv.xz")
COLUMNS = ("code", "name", "valid_from", "valid_until")

LOAD = sa.text(
    """
    INSERT INTO regions (code, name, search_name, level, parent_code, valid_from, valid_until)
    SELECT * FROM unnest(:codes, :names, :search_names, :levels, :parents, :froms, :untils)
    ON CONFLICT (code) DO UPDATE SET
        name = excluded.name, search_name = excluded.search_name,
        valid_from = excluded.valid_from, valid_until = excluded.valid_until
    """
).bindparams(
    *(
        sa.bindparam(name, type_=ARRAY(sa.Text()))
        for name in ("codes", "names", "search_names", "levels", "parents")
    ),
    *(sa.bindparam(name, type_=ARRAY(sa.Date())) for name in ("froms", "untils")),
)


class Fact(NamedTuple):
    """A region; valid from a day on, and until the day before another, where these are known."""

    code: str
    name: str
    valid_from: date | None = None
    valid_until: date | None = None


def read(path: Path = FILE) -> list[Fact]:
    """Return every region, those around before those inside."""
    with lzma.open(path, "rt", encoding="utf-8", newline="") as file:
        return list(_facts(file))


def _facts(file: TextIO) -> Iterator[Fact]:
    rows = csv.reader(file)
    next(rows)
    for code, name, valid_from, valid_until in rows:
        yield Fact(code, name, _day(valid_from), _day(valid_until))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def write(facts: Iterable[Fact], path: Path = FILE) -> None:
    """Write regions as `read` reads them; the same regions give the same bytes."""
    preset = 9 | lzma.PRESET_EXTREME
    with lzma.open(path, "wt", preset=preset, encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(COLUMNS)
        rows.writerows(sorted(facts))


def load(connection: sa.Connection) -> None:
    """Write every region into the table; one that is there is brought to what is known now."""
    facts = read()
    connection.execute(
        LOAD,
        {
            "codes": [fact.code for fact in facts],
            "names": [fact.name for fact in facts],
            "search_names": [search_name_of(fact.name, level_of(fact.code)) for fact in facts],
            "levels": [level_of(fact.code).value for fact in facts],
            "parents": [parent_of(fact.code) for fact in facts],
            "froms": [fact.valid_from for fact in facts],
            "untils": [fact.valid_until for fact in facts],
        },
    )
