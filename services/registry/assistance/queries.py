"""Everything we ask of the aid records."""

from collections import defaultdict
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
from services.registry.assistance.models import Assistance, PkhComponent
from services.registry.assistance.problems import AssistanceNotFound, ComponentNotFound
from services.registry.households.models import Household
from services.registry.households.queries import visible

Received = defaultdict[tuple[UUID, AidScheme], set[UUID | None]]
"""Who of a family receives aid of a scheme; None: the whole family."""


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


async def active_of(session: AsyncSession, ids: Collection[UUID]) -> Received:
    """Return which families receive which aid now, and whose it is."""
    query = select(Assistance.household_id, Assistance.scheme, Assistance.member_id).where(
        col(Assistance.household_id).in_(ids), Assistance.state == State.ACTIVE
    )
    received: Received = defaultdict(set)
    for household_id, scheme, member_id in (await session.exec(query)).all():
        received[household_id, AidScheme(scheme)].add(member_id)
    return received


async def active_for(session: AsyncSession, household_id: UUID) -> Sequence[Assistance]:
    """Return the aid that a family receives now, locked."""
    query = (
        select(Assistance)
        .where(Assistance.household_id == household_id, Assistance.state == State.ACTIVE)
        .order_by(col(Assistance.id))
        .with_for_update()
    )
    return (await session.exec(query)).all()


async def components_of(
    session: AsyncSession, assistance_id: UUID, *, on: date | None = None
) -> Sequence[PkhComponent]:
    """Return whom the aid supports and supported, or only those of a day, oldest first."""
    query = select(PkhComponent).where(PkhComponent.assistance_id == assistance_id)
    if on is not None:
        ends_on = col(PkhComponent.ends_on)
        query = query.where(PkhComponent.starts_on <= on)
        query = query.where(sa.or_(ends_on.is_(None), ends_on > on))
    return (await session.exec(query.order_by(col(PkhComponent.id)))).all()


async def get_component(
    session: AsyncSession, component_id: UUID, *, assistance_id: UUID
) -> PkhComponent:
    """Return one component of the aid.

    Raises:
        ComponentNotFound: the aid has none of this id.
    """
    component = await session.get(PkhComponent, component_id)
    if component is None or component.assistance_id != assistance_id:
        raise ComponentNotFound(component_id=str(component_id))
    return component


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
