"""Everything we ask of proposals, and of the caseloads that they even out."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kernel.auth import Actor
from services.registry.balancing.models import CaseloadProposal, ProposedMove
from services.registry.balancing.problems import ProposalNotFound
from services.registry.facilitators.models import Assignment, FacilitatorArea
from services.registry.households.models import Household
from services.registry.regions.queries import inside


async def working_in(
    session: AsyncSession, code: str, *, on: date
) -> dict[UUID, list[FacilitatorArea]]:
    """Return the areas of every pendamping who works in a region on a day, or around it."""
    area_code, valid_until = col(FacilitatorArea.area_code), col(FacilitatorArea.valid_until)
    around = sa.literal(f"{code}.").startswith(area_code.concat("."))
    query = (
        select(FacilitatorArea)
        .where(sa.or_(inside(area_code, code), around), FacilitatorArea.valid_from <= on)
        .where(sa.or_(valid_until.is_(None), valid_until > on))
        .order_by(col(FacilitatorArea.facilitator_id), area_code)
    )
    areas: defaultdict[UUID, list[FacilitatorArea]] = defaultdict(list)
    for area in (await session.exec(query)).all():
        areas[area.facilitator_id].append(area)
    return areas


async def entrusted_in(session: AsyncSession, code: str) -> Sequence[tuple[UUID, UUID, str]]:
    """Return the families of a region that have a pendamping: family, pendamping, desa.

    The last who came comes first, so that who moves is who knows the pendamping least.
    """
    query = (
        select(Assignment.household_id, Assignment.facilitator_id, Household.desa_code)
        .join(Household, col(Household.id) == col(Assignment.household_id))
        .where(col(Assignment.ended_on).is_(None), inside(col(Household.desa_code), code))
        .order_by(col(Assignment.assigned_on).desc(), col(Assignment.household_id))
    )
    return (await session.exec(query)).all()


async def caseloads_of(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, int]:
    """Count the families entrusted to each pendamping, wherever they live."""
    query = (
        select(Assignment.facilitator_id, sa.func.count())
        .where(col(Assignment.facilitator_id).in_(ids), col(Assignment.ended_on).is_(None))
        .group_by(col(Assignment.facilitator_id))
    )
    return dict.fromkeys(ids, 0) | dict((await session.exec(query)).all())


async def get_proposal(
    session: AsyncSession, proposal_id: UUID, *, seen_by: Actor, for_change: bool = False
) -> CaseloadProposal:
    """Return a proposal, locked until the transaction ends when it is `for_change`.

    Raises:
        ProposalNotFound: there is none, or its region is not the actor's.
    """
    query = select(CaseloadProposal).where(CaseloadProposal.id == proposal_id)
    if for_change:
        query = query.with_for_update()
    proposal = (await session.exec(query)).one_or_none()
    if proposal is None or not seen_by.sees_region(proposal.within):
        raise ProposalNotFound(proposal_id=str(proposal_id))
    return proposal


async def moves_of(
    session: AsyncSession, proposal_id: UUID, *, after: UUID | None, limit: int | None
) -> Sequence[ProposedMove]:
    """Return the families that a proposal moves, in the order of their ids."""
    query = select(ProposedMove).where(ProposedMove.proposal_id == proposal_id)
    if after is not None:
        query = query.where(col(ProposedMove.household_id) > after)
    return (await session.exec(query.order_by(col(ProposedMove.household_id)).limit(limit))).all()
