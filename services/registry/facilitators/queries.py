"""Everything we ask of the pendamping and their caseloads."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.registry import HouseholdStatus
from kernel.auth import Actor
from kernel.pagination import PageRequest, Rows
from services.registry.facilitators.models import (
    Assignment,
    Facilitator,
    FacilitatorArea,
)
from services.registry.facilitators.problems import (
    AreaNotFound,
    EmployeeNumberTaken,
    FacilitatorNotFound,
)
from services.registry.households.models import Household
from services.registry.households.queries import visible as may_see
from services.registry.regions.queries import inside


def visible(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition that the actor may see a pendamping: the actor's area."""
    area_code = col(Facilitator.area_code)
    areas = [inside(area_code, code) for code in actor.regions]
    return sa.or_(sa.false(), *areas) if areas else sa.true()


async def get(
    session: AsyncSession, facilitator_id: UUID, *, seen_by: Actor, for_change: bool = False
) -> Facilitator:
    """Return the pendamping, locked until the transaction ends when it is `for_change`.

    Raises:
        FacilitatorNotFound: there is none, or the actor may not see them.
    """
    query = select(Facilitator).where(Facilitator.id == facilitator_id, visible(seen_by))
    if for_change:
        query = query.with_for_update()
    facilitator = (await session.exec(query)).one_or_none()
    if facilitator is None:
        raise FacilitatorNotFound(facilitator_id=str(facilitator_id))
    return facilitator


async def get_one(session: AsyncSession, facilitator_id: UUID) -> Facilitator:
    """Return a pendamping of whom our own record tells, whoever asks."""
    return await session.get_one(Facilitator, facilitator_id)


async def require_new(session: AsyncSession, employee_number: str) -> None:
    """Guard a pendamping's record.

    Raises:
        EmployeeNumberTaken: the number is in use.
    """
    query = select(Facilitator.id).where(Facilitator.employee_number == employee_number)
    if (await session.exec(query)).first() is not None:
        raise EmployeeNumberTaken(employee_number=employee_number)


async def list_(
    session: AsyncSession,
    page: PageRequest,
    *,
    area: str | None,
    employee_number: str | None,
    seen_by: Actor,
) -> Rows[Facilitator]:
    """Return a page of the pendamping that the actor may see."""
    query = select(Facilitator).where(visible(seen_by))
    if area is not None:
        query = query.where(inside(col(Facilitator.area_code), area))
    if employee_number is not None:
        query = query.where(Facilitator.employee_number == employee_number)
    return await page.rows(session, query, Facilitator)


async def assignments_of(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, Assignment]:
    """Return the caseload in which each family is now; the families are locked."""
    query = select(Assignment).where(
        col(Assignment.household_id).in_(ids), col(Assignment.ended_on).is_(None)
    )
    return {found.household_id: found for found in (await session.exec(query)).all()}


async def caseload(
    session: AsyncSession, page: PageRequest, *, facilitator_id: UUID, seen_by: Actor
) -> Rows[Assignment]:
    """Return a page of the families entrusted to a pendamping now, those that the actor may see."""
    seen = col(Assignment.household_id).in_(select(Household.id).where(may_see(seen_by)))
    query = select(Assignment).where(
        Assignment.facilitator_id == facilitator_id, col(Assignment.ended_on).is_(None), seen
    )
    return await page.rows(session, query, Assignment)


async def statuses_of(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, HouseholdStatus]:
    """Return where each family stands."""
    query = select(Household.id, Household.status).where(col(Household.id).in_(ids))
    found = (await session.exec(query)).all()
    return {household_id: HouseholdStatus(status) for household_id, status in found}


async def areas_of(
    session: AsyncSession, ids: Collection[UUID]
) -> Mapping[UUID, Sequence[FacilitatorArea]]:
    """Return where each pendamping works and worked, the first area first."""
    query = (
        select(FacilitatorArea)
        .where(col(FacilitatorArea.facilitator_id).in_(ids))
        .order_by(col(FacilitatorArea.valid_from), col(FacilitatorArea.id))
    )
    areas: defaultdict[UUID, list[FacilitatorArea]] = defaultdict(list)
    for area in (await session.exec(query)).all():
        areas[area.facilitator_id].append(area)
    return areas


async def get_area(
    session: AsyncSession, area_id: UUID, *, facilitator_id: UUID
) -> FacilitatorArea:
    """Return one area of a pendamping.

    Raises:
        AreaNotFound: there is none of this id.
    """
    area = await session.get(FacilitatorArea, area_id)
    if area is None or area.facilitator_id != facilitator_id:
        raise AreaNotFound(area_id=str(area_id))
    return area


async def find_assigned(session: AsyncSession, household_id: UUID, *, on: date) -> UUID | None:
    """Return in whose caseload a family was on a day; the last one, if several."""
    ended_on = col(Assignment.ended_on)
    query = (
        select(Assignment.facilitator_id)
        .where(Assignment.household_id == household_id, Assignment.assigned_on <= on)
        .where(sa.or_(ended_on.is_(None), ended_on >= on))
        .order_by(col(Assignment.assigned_on).desc(), col(Assignment.id).desc())
    )
    return (await session.exec(query.limit(1))).first()
