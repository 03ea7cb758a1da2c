"""Provinces, kabupaten, kecamatan and desa by the Ministry of Home Affairs' codes."""

from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from kernel.db import state_column
from services.registry.db import Table


class Level(StrEnum):
    """How far down the country's division a region lies."""

    PROVINCE = "province"
    KABUPATEN = "kabupaten"
    KECAMATAN = "kecamatan"
    DESA = "desa"


LEVELS = tuple(Level)


class Region(Table, table=True):
    """One region; its code, `33.02.05.2007`, holds those of the regions around it."""

    __tablename__ = "regions"

    code: str = Field(primary_key=True, max_length=13)
    name: str = Field(max_length=100)
    search_name: str = Field(max_length=100, index=True)
    level: Level = Field(sa_type=state_column(Level))
    parent_code: str | None = Field(
        default=None, max_length=13, foreign_key="regions.code", index=True
    )

    __table_args__ = (sa.CheckConstraint(r"code ~ '^[0-9]{2}(\.[0-9]+)*$'", name="code"),)


def level_of(code: str) -> Level:
    """Return the level that a code's length tells."""
    return LEVELS[code.count(".")]


def parent_of(code: str) -> str | None:
    """Return the code of the region around, none for a province."""
    return code.rpartition(".")[0] or None


def kabupaten_of(code: str) -> str:
    """Return the kabupaten's code, `33.02`, of a region in it."""
    return code[:5]


def search_name_of(name: str) -> str:
    """Return a name as people compare it: "Gunung Kidul" is Gunungkidul."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def lies_in(code: str, area_code: str) -> bool:
    """Tell whether a region is an area, or inside it."""
    return f"{code}.".startswith(f"{area_code}.")
