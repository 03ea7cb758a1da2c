"""Everything we ask of the regions."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Mapped
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.regions.models import Level, Region, search_name_of
from services.registry.regions.problems import DesaUnknown, RegionNotFound

MAX_CANDIDATES = 100


async def get(session: AsyncSession, code: str) -> Region:
    """Return the region.

    Raises:
        RegionNotFound: no region has this code.
    """
    region = await session.get(Region, code)
    if region is None:
        raise RegionNotFound(region_code=code)
    return region


async def require_desa(session: AsyncSession, code: str) -> None:
    """Guard a record that names a desa.

    Raises:
        DesaUnknown: no desa has this code.
    """
    if not await known_desa(session, [code]):
        raise DesaUnknown(desa_code=code)


async def known_desa(session: AsyncSession, codes: Collection[str]) -> set[str]:
    """Return those of the codes that are a desa or kelurahan."""
    query = select(Region.code).where(col(Region.code).in_(codes), Region.level == Level.DESA)
    return set((await session.exec(query)).all())


async def list_(
    session: AsyncSession,
    *,
    parent: str | None,
    level: Level | None,
    after: str,
    limit: int,
) -> Sequence[Region]:
    """Return regions in the order of their codes."""
    query = select(Region).where(col(Region.code) > after).order_by(col(Region.code)).limit(limit)
    if parent is not None:
        query = query.where(Region.parent_code == parent)
    if level is not None:
        query = query.where(Region.level == level)
    return (await session.exec(query)).all()


async def candidates(session: AsyncSession, name: str, *, level: Level | None) -> Sequence[Region]:
    """Return every region of this name, in the order of their codes."""
    query = select(Region).where(Region.search_name == search_name_of(name))
    if level is not None:
        query = query.where(Region.level == level)
    return (await session.exec(query.order_by(col(Region.code)).limit(MAX_CANDIDATES))).all()


async def names_of(session: AsyncSession, codes: Collection[str]) -> dict[str, str]:
    """Return the name of each of the codes that is known."""
    query = select(Region.code, Region.name).where(col(Region.code).in_(codes))
    return dict((await session.exec(query)).all())


def inside(column: Mapped[str], code: str) -> sa.ColumnElement[bool]:
    """Return the condition that a column's code is `code` or lies in it."""
    return sa.or_(column == code, column.startswith(f"{code}.", autoescape=True))
