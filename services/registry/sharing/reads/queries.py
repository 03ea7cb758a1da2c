"""Everything we ask of the families for somebody with a permit."""

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kernel.auth import Actor
from kernel.pagination import PageRequest, Rows
from services.registry.assistance import queries as assistance
from services.registry.households.models import Household
from services.registry.households.queries import visible
from services.registry.regions.queries import inside
from services.registry.sharing.permits import Permit, within
from services.registry.sharing.problems import SubjectNotFound


async def get(
    session: AsyncSession, household_id: UUID | None, *, permit: Permit, actor: Actor
) -> Household:
    """Return a family that the permit covers, or an erased one.

    Raises:
        SubjectNotFound: there is none, it is not covered, or the actor may not see it.
    """
    erased = col(Household.data_key).is_(None)
    query = select(Household).where(
        Household.id == household_id, visible(actor), sa.or_(within(permit), erased)
    )
    found = (await session.exec(query)).one_or_none()
    if found is None:
        raise SubjectNotFound(purpose=permit.purpose)
    return found


async def list_(
    session: AsyncSession, page: PageRequest, *, permit: Permit, actor: Actor, region: str | None
) -> Rows[Household]:
    """Return a page of the families that the permit covers."""
    query = select(Household).where(visible(actor), within(permit))
    if region is not None:
        query = query.where(inside(col(Household.desa_code), region))
    return await page.rows(session, query, Household)


async def programmes_of(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, list[str]]:
    """Return the social aid that each family receives now."""
    programmes: dict[UUID, list[str]] = {household_id: [] for household_id in ids}
    for household_id, scheme in sorted(await assistance.active_of(session, ids)):
        programmes[household_id].append(scheme.value)
    return programmes
