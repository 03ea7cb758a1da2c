"""Everything we ask of the change requests and their policies."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kernel.auth import Actor
from kernel.pagination import PageRequest, Rows
from services.registry.changes.lifecycle import OPEN, State
from services.registry.changes.models import HouseholdChange
from services.registry.changes.policies import ChangePolicy
from services.registry.changes.problems import ChangeNotFound
from services.registry.households.models import Household
from services.registry.households.queries import visible

EXPIRED_AT_ONCE = 500


async def get(
    session: AsyncSession, change_id: UUID, *, seen_by: Actor, for_change: bool = False
) -> HouseholdChange:
    """Return the request, locked until the transaction ends when it is `for_change`.

    Raises:
        ChangeNotFound: there is none, or its family is out of the actor's sight.
    """
    query = (
        select(HouseholdChange)
        .join(Household, col(Household.id) == col(HouseholdChange.household_id))
        .where(HouseholdChange.id == change_id, visible(seen_by))
    )
    if for_change:
        query = query.with_for_update(of=HouseholdChange)
    change = (await session.exec(query)).one_or_none()
    if change is None:
        raise ChangeNotFound(change_id=str(change_id))
    return change


async def list_(
    session: AsyncSession,
    page: PageRequest,
    *,
    household_id: UUID | None,
    state: State | None,
    seen_by: Actor,
) -> Rows[HouseholdChange]:
    """Return a page of the requests for families that the actor may see."""
    query = (
        select(HouseholdChange)
        .join(Household, col(Household.id) == col(HouseholdChange.household_id))
        .where(visible(seen_by))
    )
    if household_id is not None:
        query = query.where(HouseholdChange.household_id == household_id)
    if state is not None:
        query = query.where(HouseholdChange.state == state)
    return await page.rows(session, query, HouseholdChange)


async def overdue(session: AsyncSession, *, at: datetime) -> Sequence[HouseholdChange]:
    """Return requests that nobody decided in time, locked; those that somebody holds wait."""
    query = (
        select(HouseholdChange)
        .where(col(HouseholdChange.state).in_(OPEN), HouseholdChange.expires_at <= at)
        .order_by(col(HouseholdChange.expires_at))
        .limit(EXPIRED_AT_ONCE)
    )
    return (await session.exec(query.with_for_update(skip_locked=True))).all()


async def find_policy(session: AsyncSession, *, on: date) -> ChangePolicy | None:
    """Return the policy in force on a day, the newest of those that began by then."""
    query = (
        select(ChangePolicy)
        .where(ChangePolicy.in_force_from <= on)
        .order_by(col(ChangePolicy.in_force_from).desc(), col(ChangePolicy.version).desc())
    )
    return (await session.exec(query.limit(1))).first()


async def get_policy(session: AsyncSession, version: int) -> ChangePolicy:
    """Return the policy of a version that a request names."""
    return (await session.exec(select(ChangePolicy).where(ChangePolicy.version == version))).one()


async def list_policies(session: AsyncSession, *, after: int, limit: int) -> Sequence[ChangePolicy]:
    """Return policies, oldest first."""
    query = select(ChangePolicy).where(ChangePolicy.version > after)
    return (await session.exec(query.order_by(col(ChangePolicy.version)).limit(limit))).all()


async def last_policy_version(session: AsyncSession) -> int:
    """Return the number of the newest policy."""
    query = select(ChangePolicy.version).order_by(col(ChangePolicy.version).desc()).limit(1)
    return (await session.exec(query)).first() or 0
