"""What is asked of the families."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from contracts.registry import HouseholdStatus
from kernel.auth import Actor
from kernel.pagination import PageRequest, Rows
from services.empowerment.areas import in_region, visible
from services.empowerment.candidates.models import Candidate
from services.empowerment.candidates.problems import CandidateNotFound


def known(actor: Actor) -> SelectOfScalar[Candidate]:
    """Select the registered families that the actor may see."""
    desa_code = col(Candidate.desa_code)
    return select(Candidate).where(desa_code.is_not(None), visible(desa_code, actor))


async def get(
    session: AsyncSession, household_id: UUID, *, actor: Actor, lock: bool = False
) -> Candidate:
    """Return a family; raises CandidateNotFound."""
    query = known(actor).where(Candidate.id == household_id)
    query = query.with_for_update() if lock else query
    candidate = (await session.exec(query)).one_or_none()
    if candidate is None:
        raise CandidateNotFound(household_id=household_id)
    return candidate


async def get_all(
    session: AsyncSession, household_ids: Sequence[UUID], *, actor: Actor
) -> Mapping[UUID, Candidate]:
    """Return these families by their id; raises CandidateNotFound for the first one unknown."""
    found = await those_of(session, household_ids, actor=actor)
    for household_id in household_ids:
        if household_id not in found:
            raise CandidateNotFound(household_id=household_id)
    return found


async def those_of(
    session: AsyncSession, household_ids: Sequence[UUID], *, actor: Actor
) -> Mapping[UUID, Candidate]:
    """Return those of these families that are known, by their id."""
    query = known(actor).where(col(Candidate.id).in_(household_ids))
    return {candidate.id: candidate for candidate in (await session.exec(query)).all()}


async def following(
    session: AsyncSession,
    after: UUID | None,
    *,
    limit: int,
    actor: Actor,
    facilitator_id: UUID | None,
) -> Sequence[Candidate]:
    """Return the next families whose record is open, in the order of their ids."""
    query = known(actor).where(Candidate.status != HouseholdStatus.CLOSED)
    query = query.where(Candidate.facilitator_id == facilitator_id) if facilitator_id else query
    query = query.where(col(Candidate.id) > after) if after else query
    return (await session.exec(query.order_by(col(Candidate.id)).limit(limit))).all()


async def list_(
    session: AsyncSession,
    page: PageRequest,
    *,
    actor: Actor,
    region: str | None,
    status: HouseholdStatus | None,
    facilitator_id: UUID | None,
) -> Rows[Candidate]:
    """Return families."""
    query = known(actor)
    query = query.where(in_region(col(Candidate.desa_code), region)) if region else query
    query = query.where(Candidate.status == status) if status else query
    query = query.where(Candidate.facilitator_id == facilitator_id) if facilitator_id else query
    return await page.rows(session, query, Candidate)
