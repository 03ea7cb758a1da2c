"""The registry's figures, counted from the families themselves."""

from collections import Counter

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.registry import HouseholdStatus
from services.registry.households.models import Household


async def live_by_kabupaten(session: AsyncSession) -> dict[str, int]:
    """Count the families that are not closed, by kabupaten code."""
    kabupaten = sa.func.left(Household.desa_code, 5)
    query = (
        select(kabupaten, sa.func.count())
        .where(Household.status != HouseholdStatus.CLOSED)
        .group_by(kabupaten)
        .order_by(kabupaten)
    )
    return dict((await session.exec(query)).all())


async def by_status(session: AsyncSession) -> Counter[HouseholdStatus]:
    """Count all families by where they stand."""
    query = select(Household.status, sa.func.count()).group_by(col(Household.status))
    found = (await session.exec(query)).all()
    return Counter({HouseholdStatus(status): count for status, count in found})


async def any_synthetic(session: AsyncSession) -> bool:
    """Tell whether some families are invented: their KK number can be no real one."""
    query = select(Household.id).where(col(Household.synthetic).is_(True)).limit(1)
    return (await session.exec(query)).first() is not None
