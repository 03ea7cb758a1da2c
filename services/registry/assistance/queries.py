"""Everything we ask of the aid records."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.registry import AidScheme
from kernel.auth import Actor
from kernel.pagination import PageRequest, Rows
from services.registry.assistance.lifecycle import State
from services.registry.assistance.models import Assistance
from services.registry.assistance.problems import AssistanceNotFound
from services.registry.households.models import Household
from services.registry.households.queries import visible


@dataclass(frozen=True)
class Filters:
    """What a list of aid is narrowed to."""

    household_id: UUID | None = None
    scheme: AidScheme | None = None
    active: bool | None = None


async def get(
    session: AsyncSession, assistance_id: UUID, *, seen_by: Actor, for_change: bool = False
) -> Assistance:
    """Return the aid, locked until the transaction ends when it is `for_change`.

    Raises:
        AssistanceNotFound: there is none, or the actor may not see its family.
    """
    query = (
        select(Assistance)
        .join(Household, col(Household.id) == col(Assistance.household_id))
        .where(Assistance.id == assistance_id, visible(seen_by))
    )
    if for_change:
        query = query.with_for_update(of=Assistance)
    assistance = (await session.exec(query)).one_or_none()
    if assistance is None:
        raise AssistanceNotFound(assistance_id=str(assistance_id))
    return assistance


async def active_of(session: AsyncSession, ids: Collection[UUID]) -> set[tuple[UUID, AidScheme]]:
    """Return which families receive which aid now."""
    query = select(Assistance.household_id, Assistance.scheme).where(
        col(Assistance.household_id).in_(ids), Assistance.state == State.ACTIVE
    )
    found = (await session.exec(query)).all()
    return {(household_id, AidScheme(scheme)) for household_id, scheme in found}


async def active_for(session: AsyncSession, household_id: UUID) -> Sequence[Assistance]:
    """Return the aid that a family receives now, locked."""
    query = (
        select(Assistance)
        .where(Assistance.household_id == household_id, Assistance.state == State.ACTIVE)
        .order_by(col(Assistance.id))
        .with_for_update()
    )
    return (await session.exec(query)).all()


async def is_enrolled(
    session: AsyncSession, household_id: UUID, *, scheme: AidScheme, on: date
) -> bool:
    """Tell whether a family receives aid of a scheme on a day."""
    query = select(Assistance.id).where(
        Assistance.household_id == household_id,
        Assistance.scheme == scheme,
        Assistance.started_on <= on,
        sa.or_(col(Assistance.ended_on).is_(None), col(Assistance.ended_on) > on),
    )
    return (await session.exec(query.limit(1))).first() is not None


async def list_(
    session: AsyncSession, page: PageRequest, *, filters: Filters, seen_by: Actor
) -> Rows[Assistance]:
    """Return a page of the aid of families that the actor may see."""
    query = (
        select(Assistance)
        .join(Household, col(Household.id) == col(Assistance.household_id))
        .where(visible(seen_by))
    )
    if filters.household_id is not None:
        query = query.where(Assistance.household_id == filters.household_id)
    if filters.scheme is not None:
        query = query.where(Assistance.scheme == filters.scheme)
    if filters.active is not None:
        state = State.ACTIVE if filters.active else State.ENDED
        query = query.where(Assistance.state == state)
    return await page.rows(session, query, Assistance)
