"""Everything we ask of the decile ledger."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kernel.auth import Actor
from kernel.pagination import PageRequest, Rows
from services.registry.households.models import Household
from services.registry.households.queries import visible
from services.registry.welfare.models import DecileRecord


@dataclass(frozen=True)
class Movements:
    """How many families moved between two cycles; up is towards decile 10, better off."""

    up: int
    down: int
    same: int
    new: int


async def deciles_of(
    session: AsyncSession, ids: Collection[UUID], *, cycle: str
) -> dict[UUID, int]:
    """Return the decile of each of the families that the cycle has ranked."""
    query = select(DecileRecord.household_id, DecileRecord.decile).where(
        col(DecileRecord.household_id).in_(ids), DecileRecord.cycle == cycle
    )
    return dict((await session.exec(query)).all())


async def list_(
    session: AsyncSession, page: PageRequest, *, household_id: UUID
) -> Rows[DecileRecord]:
    """Return a page of a family's deciles, in the order in which they were recorded."""
    query = select(DecileRecord).where(DecileRecord.household_id == household_id)
    return await page.rows(session, query, DecileRecord)


async def movements(session: AsyncSession, *, cycle: str, since: str, seen_by: Actor) -> Movements:
    """Count the families of `cycle` by where they stood in the cycle `since`."""
    now, before = aliased(DecileRecord), aliased(DecileRecord)
    step = col(now.decile) - col(before.decile)
    query = (
        select(
            sa.func.count().filter(step > 0),
            sa.func.count().filter(step < 0),
            sa.func.count().filter(step == 0),
            sa.func.count().filter(step.is_(None)),
        )
        .select_from(now)
        .join(Household, col(Household.id) == col(now.household_id))
        .outerjoin(
            before,
            sa.and_(col(before.household_id) == col(now.household_id), col(before.cycle) == since),
        )
        .where(col(now.cycle) == cycle, visible(seen_by))
    )
    return Movements(*(await session.exec(query)).one())
