"""Provinces, kabupaten, kecamatan and desa by the Ministry of Home Affairs' codes."""

import re
from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from kernel.db import state_column
from services.registry.db import Table

CODE = sa.String(13, collation="C")
"""The type of a column of region codes: sorted by byte, wherever the database was made."""


class Level(StrEnum):
    """How far down the country's division a region lies."""

    PROVINCE = "province"
    KABUPATEN = "kabupaten"
    KECAMATAN = "kecamatan"
    DESA = "desa"


LEVELS = tuple(Level)
CODE_LENGTHS = {
    Level.PROVINCE: 2,
    Level.KABUPATEN: 5,
    Level.KECAMATAN: 8,
    Level.DESA: 13,
}
RANKS = {
    Level.PROVINCE: re.compile(r"^daerah (istimewa|khusus ibu ?kota)\b", re.IGNORECASE),
    Level.KABUPATEN: re.compile(r"^(kabupaten|kota)( administrasi)?\b", re.IGNORECASE),
}


class Region(Table, table=True):
    """One region; its code, `33.02.05.2007`, holds those of the regions around it.

    It is valid from a day on and until the day before another; None: since before our records,
    and still. `bps_code` is the code of Statistics Indonesia, where it is known. That the region
    around is there too is seen to where the table is made, `decree.py`.
    """

    __tablename__ = "regions"

    code: str = Field(primary_key=True, sa_type=CODE)
    name: str = Field(max_length=100)
    search_name: str = Field(max_length=100, index=True)
    level: Level = Field(sa_type=state_column(Level))
    parent_code: str | None = Field(default=None, sa_type=CODE, index=True)
    valid_from: date | None = None
    valid_until: date | None = None
    bps_code: str | None = Field(default=None, max_length=10, unique=True)

    __table_args__ = (
        sa.CheckConstraint(r"code ~ '^[0-9]{2}(\.[0-9]+)*$'", name="code"),
        sa.CheckConstraint("valid_until > valid_from", name="validity"),
    )

    def is_valid(self, *, on: date) -> bool:
        """Tell whether the code is in force on a day."""
        begun = self.valid_from is None or self.valid_from <= on
        return begun and (self.valid_until is None or on < self.valid_until)


def level_of(code: str) -> Level:
    """Return the level that a code's length tells."""
    return LEVELS[code.count(".")]


def level_below(level: Level) -> Level:
    """Return the next level down; a desa's is its own."""
    return LEVELS[min(LEVELS.index(level) + 1, len(LEVELS) - 1)]


def parent_of(code: str) -> str | None:
    """Return the code of the region around, none for a province."""
    return code.rpartition(".")[0] or None


def path_of(code: str) -> list[str]:
    """Return the codes of a region and those around it, its province first."""
    parts = code.split(".")
    return [".".join(parts[: depth + 1]) for depth in range(len(parts))]


def kabupaten_of(code: str) -> str:
    """Return the kabupaten's code, `33.02`, of a region in it."""
    return code[:5]


def search_name_of(name: str, level: Level) -> str:
    """Return a name as people compare it: "Gunung Kidul" is Gunungkidul, Kota Bandung is bandung.

    The rank is left out where every name of the level has one; a kecamatan may be named Kota Baru.
    """
    return letters_of(RANKS[level].sub("", name) if level in RANKS else name)


def letters_of(text: str) -> str:
    """Return a text's letters and digits alone, in lower case."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def lies_in(code: str, area_code: str) -> bool:
    """Tell whether a region is an area, or inside it."""
    return f"{code}.".startswith(f"{area_code}.")
