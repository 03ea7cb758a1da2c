"""What is asked of groups and their members."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kernel.auth import Actor
from kernel.pagination import PageRequest, Rows
from services.empowerment.areas import in_region, visible
from services.empowerment.groups.lifecycle import State
from services.empowerment.groups.models import MOST_MEMBERS, Group, Membership
from services.empowerment.groups.problems import GroupNotFound

MOST_SHOWN = 200


async def get(
    session: AsyncSession, group_id: UUID, *, actor: Actor | None, lock: bool = False
) -> Group:
    """Return a group; raises GroupNotFound. Without an actor, the platform itself asks."""
    group = await session.get(Group, group_id, with_for_update=lock or None)
    if group is None or (actor is not None and not actor.sees_region(group.desa_code)):
        raise GroupNotFound(group_id=group_id)
    return group


async def find(session: AsyncSession, number: str) -> Group | None:
    """Return the group with this number."""
    return (await session.exec(select(Group).where(Group.number == number))).one_or_none()


async def list_(
    session: AsyncSession,
    page: PageRequest,
    *,
    actor: Actor,
    region: str | None,
    state: State | None,
    number: str | None,
) -> Rows[Group]:
    """Return groups."""
    query = select(Group).where(visible(col(Group.desa_code), actor))
    query = query.where(in_region(col(Group.desa_code), region)) if region else query
    query = query.where(Group.state == state) if state else query
    query = query.where(Group.number == number) if number else query
    return await page.rows(session, query, Group)


async def memberships(session: AsyncSession, group_id: UUID) -> Sequence[Membership]:
    """Return who belongs and belonged to a group: who is still in it first."""
    query = (
        select(Membership)
        .where(Membership.group_id == group_id)
        .order_by(col(Membership.left_on).is_not(None), col(Membership.id))
        .limit(MOST_SHOWN)
    )
    return (await session.exec(query)).all()


async def members(session: AsyncSession, group_id: UUID) -> Sequence[UUID]:
    """Return the families in a group now."""
    query = (
        select(Membership.household_id)
        .where(Membership.group_id == group_id, col(Membership.left_on).is_(None))
        .order_by(col(Membership.household_id))
        .limit(MOST_MEMBERS)
    )
    return (await session.exec(query)).all()


async def find_membership(
    session: AsyncSession, group_id: UUID, household_id: UUID
) -> Membership | None:
    """Return a family's present place in a group."""
    query = select(Membership).where(
        Membership.group_id == group_id,
        Membership.household_id == household_id,
        col(Membership.left_on).is_(None),
    )
    return (await session.exec(query)).one_or_none()


async def groups_of(
    session: AsyncSession, household_ids: Sequence[UUID], *, on: date
) -> Mapping[UUID, UUID]:
    """Return the working group each family was in on a day; families without one are missing."""
    since, until = col(Membership.joined_on), col(Membership.left_on)
    query = (
        select(Membership.household_id, Membership.group_id)
        .join(Group, col(Group.id) == col(Membership.group_id))
        .where(
            col(Membership.household_id).in_(household_ids),
            since <= on,
            sa.or_(until.is_(None), until > on),
            col(Group.activated_on) <= on,
        )
    )
    return dict((await session.exec(query)).all())
