"""What is asked of visits."""

from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kernel.auth import Actor
from kernel.pagination import PageRequest, Rows
from services.empowerment.areas import visible
from services.empowerment.mentoring.lifecycle import State
from services.empowerment.mentoring.models import Visit, VisitKind
from services.empowerment.mentoring.problems import VisitNotFound


async def get(session: AsyncSession, visit_id: UUID, *, actor: Actor, lock: bool = False) -> Visit:
    """Return a visit; raises VisitNotFound."""
    visit = await session.get(Visit, visit_id, with_for_update=lock or None)
    if visit is None or not actor.sees_region(visit.desa_code):
        raise VisitNotFound(visit_id=visit_id)
    return visit


async def list_(
    session: AsyncSession,
    page: PageRequest,
    *,
    actor: Actor,
    group_id: UUID | None,
    household_id: UUID | None,
    state: State | None,
    kind: VisitKind | None,
) -> Rows[Visit]:
    """Return visits."""
    query = select(Visit).where(visible(col(Visit.desa_code), actor))
    query = query.where(Visit.group_id == group_id) if group_id else query
    query = query.where(Visit.household_id == household_id) if household_id else query
    query = query.where(Visit.state == state) if state else query
    query = query.where(Visit.kind == kind) if kind else query
    return await page.rows(session, query, Visit)
