"""Everything we ask of the decile ledger."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kernel.pagination import PageRequest, Rows
from services.registry.welfare.models import DecileRecord


async def any_of(session: AsyncSession, cycle: str) -> bool:
    """Tell whether the ledger holds a decile of a cycle."""
    query = select(DecileRecord.id).where(DecileRecord.cycle == cycle).limit(1)
    return (await session.exec(query)).first() is not None


async def deciles_of(
    session: AsyncSession, ids: Collection[UUID], *, cycle: str
) -> dict[UUID, int]:
    """Return the decile of each of the families that the cycle has ranked."""
    query = select(DecileRecord.household_id, DecileRecord.decile).where(
        col(DecileRecord.household_id).in_(ids), DecileRecord.cycle == cycle
    )
    return dict((await session.exec(query.where(believed(DecileRecord, at=None)))).all())


async def list_(
    session: AsyncSession,
    page: PageRequest,
    *,
    household_id: UUID,
    cycle: str | None = None,
    known_at: datetime | None = None,
) -> Rows[DecileRecord]:
    """Return a page of a family's deciles as they were recorded, or as we believed them once."""
    query = select(DecileRecord).where(DecileRecord.household_id == household_id)
    if cycle is not None:
        query = query.where(DecileRecord.cycle == cycle)
    if known_at is not None:
        query = query.where(believed(DecileRecord, at=known_at))
    return await page.rows(session, query, DecileRecord)


def believed(record: type[DecileRecord], *, at: datetime | None) -> sa.ColumnElement[bool]:
    """Return the condition that we believed a record at a moment; None: that we do now."""
    standing = col(record.superseded_at).is_(None)
    if at is None:
        return standing
    return sa.and_(col(record.recorded_at) <= at, sa.or_(standing, col(record.superseded_at) > at))
