"""What is asked of programmes."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kernel.pagination import PageRequest, Rows
from services.empowerment.programmes.lifecycle import State
from services.empowerment.programmes.models import Programme
from services.empowerment.programmes.problems import ProgrammeNotFound


async def get(session: AsyncSession, programme_id: UUID, *, lock: bool = False) -> Programme:
    """Return a programme; raises ProgrammeNotFound."""
    programme = await session.get(Programme, programme_id, with_for_update=lock or None)
    if programme is None:
        raise ProgrammeNotFound(programme_id=programme_id)
    return programme


async def find(session: AsyncSession, code: str) -> Programme | None:
    """Return the programme with this code."""
    return (await session.exec(select(Programme).where(Programme.code == code))).one_or_none()


async def those_of(
    session: AsyncSession, programme_ids: Sequence[UUID], *, lock: bool = False
) -> Mapping[UUID, Programme]:
    """Return these programmes by their id; locked in the order of ids."""
    query = select(Programme).where(col(Programme.id).in_(programme_ids))
    query = query.order_by(col(Programme.id))
    query = query.with_for_update() if lock else query
    return {programme.id: programme for programme in (await session.exec(query)).all()}


async def list_(
    session: AsyncSession, page: PageRequest, *, state: State | None, code: str | None
) -> Rows[Programme]:
    """Return programmes."""
    query = select(Programme)
    query = query.where(Programme.state == state) if state else query
    query = query.where(Programme.code == code) if code else query
    return await page.rows(session, query, Programme)
