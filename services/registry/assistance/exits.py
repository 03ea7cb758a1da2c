"""The natural exit: families in PKH of whom no component is left, found and told once.

A component is left while it has not ended, its person is of the family, and has an age that PKH
supports. Nothing ends here: empowerment's people propose and decide. Aid whose components were
never recorded a person is left alone: nothing is known of it.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from contracts.registry import AidScheme
from kernel import clock
from kernel.auth import Actor
from kernel.db import UnitOfWork
from kernel.pagination import PageRequest, Rows
from kernel.timers import Timer
from services.registry.assistance.components import AGES
from services.registry.assistance.lifecycle import State
from services.registry.assistance.models import Assistance, PkhComponent
from services.registry.households.models import Household, Member
from services.registry.households.queries import visible
from services.registry.regions.queries import inside

TOLD_A_TURN = 1_000
TURN_EVERY = timedelta(minutes=10)


async def list_(
    session: AsyncSession, page: PageRequest, *, on: date, within: str | None, seen_by: Actor
) -> Rows[Assistance]:
    """Return a page of the PKH aid of which no component is left on a day."""
    query = _without_components(on).join(
        Household, col(Household.id) == col(Assistance.household_id)
    )
    query = query.where(visible(seen_by))
    if within is not None:
        query = query.where(inside(col(Household.desa_code), within))
    return await page.rows(session, query, Assistance)


async def places_of(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return the desa of each family."""
    query = select(Household.id, Household.desa_code).where(col(Household.id).in_(ids))
    return dict((await session.exec(query)).all())


async def tell(uow: UnitOfWork) -> None:
    """Tell the world of families that have no component left today, each once."""
    today = clock.today()
    untold = (
        _without_components(today)
        .where(col(Assistance.exit_told_on).is_(None))
        .order_by(col(Assistance.id))
        .limit(TOLD_A_TURN)
        .with_for_update(of=Assistance, skip_locked=True)
    )
    for aid in (await uow.session.exec(untold)).all():
        uow.publish(aid.tell_of_the_exit(on=today), key=aid.id)


TIMER = Timer("registry.assistance", TURN_EVERY, tell, bulk=True)


def _without_components(on: date) -> SelectOfScalar[Assistance]:
    recorded = sa.exists().where(col(PkhComponent.assistance_id) == col(Assistance.id))
    return select(Assistance).where(
        Assistance.scheme == AidScheme.PKH,
        Assistance.state == State.ACTIVE,
        Assistance.started_on <= on,
        recorded,
        ~_left(on),
    )


def _left(on: date) -> sa.ColumnElement[bool]:
    """Return the condition that a person is supported on a day, or will be after it."""
    ends_on = col(PkhComponent.ends_on)
    person = sa.and_(
        col(Member.id) == col(PkhComponent.member_id),
        col(Member.household_id) == col(PkhComponent.household_id),
        col(Member.until_version).is_(None),
    )
    return (
        sa.select(sa.literal(1))
        .select_from(PkhComponent)
        .join(Member, person)
        .where(col(PkhComponent.assistance_id) == col(Assistance.id))
        .where(sa.or_(ends_on.is_(None), ends_on > on), _of_age(on))
        .exists()
    )


def _of_age(on: date) -> sa.ColumnElement[bool]:
    ages = (
        (kind, sa.func.make_interval(ages.until))
        for kind, ages in AGES.items()
        if ages.until is not None
    )
    lapses = sa.case(*((col(PkhComponent.component) == kind, interval) for kind, interval in ages))
    lapsed = col(Member.birth_date) + lapses <= on
    return sa.not_(sa.func.coalesce(lapsed, sa.false()))
