"""Everything we ask of the targets."""

from uuid import UUID

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from kernel.pagination import PageRequest, Rows
from services.registry.targets.models import FacilitatorTarget


async def list_(
    session: AsyncSession, page: PageRequest, *, year: int | None, facilitator_id: UUID | None
) -> Rows[FacilitatorTarget]:
    """Return a page of the targets that were set."""
    query = select(FacilitatorTarget)
    if year is not None:
        query = query.where(FacilitatorTarget.year == year)
    if facilitator_id is not None:
        query = query.where(FacilitatorTarget.facilitator_id == facilitator_id)
    return await page.rows(session, query, FacilitatorTarget)
