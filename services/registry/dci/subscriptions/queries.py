"""Everything we ask of the subscriptions."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kernel.db import UnitOfWork
from services.registry.dci.deliveries.models import CallbackTarget
from services.registry.dci.subscriptions.kinds import EventKind
from services.registry.dci.subscriptions.lifecycle import Ending, State
from services.registry.dci.subscriptions.models import (
    Change,
    Collected,
    LastJoined,
    Subscription,
)
from services.registry.households.models import HouseholdVersion, Member

CHANGES_A_TURN = 500
FAMILIES_A_NOTE = 100


async def get(session: AsyncSession, subscription_id: UUID) -> Subscription:
    """Return a subscription that a delivery names."""
    query = select(Subscription).where(Subscription.id == subscription_id)
    return (await session.exec(query)).one()


async def named(session: AsyncSession, ids: Collection[UUID]) -> Sequence[Subscription]:
    """Return the subscriptions with these codes, locked until the transaction ends."""
    query = select(Subscription).where(col(Subscription.id).in_(ids)).order_by(col(Subscription.id))
    return (await session.exec(query.with_for_update())).all()


async def active_of(session: AsyncSession, sender_id: str) -> int:
    """Count a sender's live subscriptions."""
    query = select(sa.func.count()).where(
        Subscription.sender_id == sender_id, Subscription.state == State.ACTIVE
    )
    return (await session.exec(query)).one()


async def is_wanted(session: AsyncSession, kind: EventKind) -> bool:
    """Tell whether anybody wants to hear of events of a kind."""
    wanted = sa.exists().where(col(Subscription.kind) == kind).where(_live())
    return bool((await session.exec(select(wanted))).one())


async def somebody_joined(uow: UnitOfWork, household_id: UUID) -> bool:
    """Tell, once, that a family has a member it had not when somebody first wanted to know."""
    begun = sa.select(sa.func.min(Subscription.recorded_at)).where(
        _live(), col(Subscription.kind) == EventKind.NEW_MEMBER
    )
    version = (await uow.session.exec(select(_newest_member(household_id)))).one()
    since = (
        sa.exists()
        .where(col(HouseholdVersion.household_id) == household_id)
        .where(col(HouseholdVersion.version) == version)
        .where(col(HouseholdVersion.recorded_at) >= begun.scalar_subquery())
    )
    if not version or not (await uow.session.exec(select(since))).one():
        return False
    row = {"household_id": household_id, "member_version": version}
    adding = insert(LastJoined).values(row)
    noted = await uow.execute(
        adding.on_conflict_do_update(
            index_elements=["household_id"],
            set_={"member_version": version},
            where=col(LastJoined.member_version) < version,
        )
    )
    return noted.rowcount == 1


def _newest_member(household_id: UUID) -> sa.ScalarSelect[int]:
    """Select the version of a family in which the last person joined who is in it now."""
    first = (
        sa.select(sa.func.min(Member.since_version).label("version"))
        .where(col(Member.household_id) == household_id)
        .group_by(col(Member.id))
        .having(sa.func.bool_or(col(Member.until_version).is_(None)))
        .subquery()
    )
    newest = sa.func.max(first.c.version)
    return sa.select(newest).where(first.c.version > 1).scalar_subquery()


async def next_changes(session: AsyncSession) -> Sequence[Change]:
    """Return the events that wait to be matched, in order."""
    return (await session.exec(select(Change).order_by(col(Change.id)).limit(CHANGES_A_TURN))).all()


async def wanting(session: AsyncSession, kinds: Collection[EventKind]) -> Sequence[Subscription]:
    """Return the live subscriptions to events of these kinds."""
    query = select(Subscription).where(col(Subscription.kind).in_(kinds)).where(_live())
    return (await session.exec(query.order_by(col(Subscription.id)))).all()


async def ringing(session: AsyncSession, *, at: datetime) -> Sequence[Subscription]:
    """Return the subscriptions whose collection is due."""
    query = select(Subscription).where(_live(), col(Subscription.next_at) <= at)
    return (await session.exec(query.order_by(col(Subscription.next_at)).limit(100))).all()


async def collected_for(session: AsyncSession, subscription_id: UUID) -> Sequence[Collected]:
    """Return what was collected first for a subscription, as much as one note holds."""
    query = (
        select(Collected)
        .where(Collected.subscription_id == subscription_id)
        .order_by(col(Collected.at), col(Collected.household_id))
    )
    return (await session.exec(query.limit(FAMILIES_A_NOTE))).all()


async def end_where_gone(uow: UnitOfWork, *, at: datetime) -> None:
    """End the subscriptions whose address answered that it wants nothing more."""
    gone = (
        sa.exists()
        .where(col(CallbackTarget.owner) == col(Subscription.sender_id))
        .where(col(CallbackTarget.url) == col(Subscription.url))
        .where(col(CallbackTarget.gone_at).is_not(None))
    )
    for subscription in (await uow.session.exec(select(Subscription).where(_live(), gone))).all():
        subscription.end(Ending.ADDRESS_GONE, at=at)


def _live() -> sa.ColumnElement[bool]:
    return col(Subscription.state) == State.ACTIVE
