"""Everything we ask of the regions."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Mapped
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from kernel import clock
from services.registry.regions.models import CODE, CODE_LENGTHS, LEVELS, Level, Region, level_of
from services.registry.regions.names import Reading, likeness, readings
from services.registry.regions.problems import DesaUnknown, LevelNotInside, RegionNotFound

MAX_CANDIDATES = 100
ENDS = 3

CodeColumn: TypeAlias = Mapped[str] | sa.ColumnElement[str]
"""A column that holds region codes."""


@dataclass(frozen=True)
class Candidate:
    """A region that a name may mean; a score of 1 is its very name."""

    region: Region
    score: float


async def get(session: AsyncSession, code: str, *, on: date | None = None) -> Region:
    """Return the region; with `on`, only if it was valid on that day.

    Raises:
        RegionNotFound: no region has this code.
    """
    region = await session.get(Region, code)
    if region is None or (on is not None and not region.is_valid(on=on)):
        raise RegionNotFound(region_code=code)
    return region


async def require_desa(session: AsyncSession, code: str) -> None:
    """Guard a record that names a desa.

    Raises:
        DesaUnknown: no desa has this code now.
    """
    if not await known_desa(session, [code]):
        raise DesaUnknown(desa_code=code)


async def known_desa(session: AsyncSession, codes: Collection[str]) -> set[str]:
    """Return those of the codes that are a desa or kelurahan now."""
    query = select(Region.code).where(col(Region.code).in_(codes), Region.level == Level.DESA)
    return set((await session.exec(query.where(in_force(clock.today())))).all())


async def list_(
    session: AsyncSession,
    *,
    parent: str | None,
    level: Level | None,
    on: date | None = None,
    after: str,
    limit: int,
) -> Sequence[Region]:
    """Return the regions valid on a day, today when it is None, in the order of their codes."""
    query = select(Region).where(col(Region.code) > after, in_force(on or clock.today()))
    if parent is not None:
        query = query.where(Region.parent_code == parent)
    if level is not None:
        query = query.where(Region.level == level)
    return (await session.exec(query.order_by(col(Region.code)).limit(limit))).all()


async def below(
    session: AsyncSession, *, within: str | None, level: Level, after: str, limit: int
) -> Sequence[Region]:
    """Return the regions of a level in a region, or in the country, whenever they were valid.

    Raises:
        RegionNotFound: no region has the code `within`.
        LevelNotInside: the level lies above the region's own.
    """
    query = select(Region).where(Region.level == level, col(Region.code) > after)
    if within is not None:
        around = await get(session, within)
        if LEVELS.index(level) < LEVELS.index(around.level):
            raise LevelNotInside(region_code=within, level=level.value)
        query = query.where(inside(col(Region.code), within))
    return (await session.exec(query.order_by(col(Region.code)).limit(limit))).all()


async def candidates(
    session: AsyncSession,
    name: str,
    *,
    level: Level | None = None,
    within: str | None = None,
    on: date | None = None,
) -> list[Candidate]:
    """Return what a name may mean: regions of the name itself first, then those spelt much alike.

    `within` is the code of a region around; a rank before the name ("Kec. Kebasen") narrows too.
    """
    scores: dict[str, float] = {}
    for reading in readings(name, level):
        query = _alike(reading, within=within).where(in_force(on or clock.today()))
        for code, letters in (await session.exec(query)).all():
            score = likeness(reading.letters, letters, slips=reading.slips)
            scores[code] = max(score, scores.get(code, 0.0))
    best = sorted((code for code in scores if scores[code]), key=lambda code: (-scores[code], code))
    found = select(Region).where(col(Region.code).in_(best[:MAX_CANDIDATES]))
    regions = {region.code: region for region in (await session.exec(found)).all()}
    return [Candidate(regions[code], scores[code]) for code in best[:MAX_CANDIDATES]]


def the_one(found: Sequence[Candidate]) -> Region | None:
    """Return the one region that has the very name, None when a person must choose."""
    same = [candidate.region for candidate in found if candidate.score == 1]
    return same[0] if len(same) == 1 else None


def _alike(reading: Reading, *, within: str | None) -> Select[str, str]:
    """Select the regions that may be meant.

    In the whole country or a province, the first or the last three letters of a name must be
    right: what is compared letter by letter must stay few.
    """
    letters, name = reading.letters, col(Region.search_name)
    fewest, most = len(letters) - reading.slips, len(letters) + reading.slips
    query = select(Region.code, Region.search_name).where(
        sa.func.length(name).between(fewest, most)
    )
    if within is None or level_of(within) is Level.PROVINCE:
        query = query.where(sa.or_(name.startswith(letters[:ENDS]), name.endswith(letters[-ENDS:])))
    if reading.level is not None:
        query = query.where(Region.level == reading.level)
    if reading.city is not None:
        query = query.where((sa.func.substr(col(Region.code), 4, 2) >= "71") == reading.city)
    return query if within is None else query.where(inside(col(Region.code), within))


async def names_of(session: AsyncSession, codes: Collection[str]) -> dict[str, str]:
    """Return the name of each of the codes that is known."""
    query = select(Region.code, Region.name).where(col(Region.code).in_(codes))
    return dict((await session.exec(query)).all())


def inside(column: CodeColumn, code: str) -> sa.ColumnElement[bool]:
    """Return the condition that a column's code is `code` or lies in it."""
    return between(column, code, code)


def between(column: CodeColumn, first: str, last: str) -> sa.ColumnElement[bool]:
    """Return the condition that a code is `first`, or sorts after it up to what lies in `last`.

    It is one range of an index: "/" is the byte after ".", so that up to `33.02/` lie `33.02` and
    whatever begins with `33.02.`. Row security needs comparisons that are leakproof; LIKE is not.
    """
    place = sa.collate(column, "C")
    return sa.and_(place >= first, place < f"{last}/")


def region_at(column: Mapped[str] | sa.ColumnElement[str], level: Level) -> sa.ColumnElement[str]:
    """Return the code of the region of a level around a column's code: what to group by."""
    return sa.func.left(column, CODE_LENGTHS[level], type_=CODE)


def in_force(on: date) -> sa.ColumnElement[bool]:
    """Return the condition that a region is valid on a day."""
    begun = sa.or_(col(Region.valid_from).is_(None), col(Region.valid_from) <= on)
    return sa.and_(begun, sa.or_(col(Region.valid_until).is_(None), col(Region.valid_until) > on))
