"""What we ask of the referrals' tables."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from kernel.auth import Actor
from kernel.pagination import PageRequest, Rows
from services.financing.evidence import queries as evidence
from services.financing.providers.queries import acts_for
from services.financing.referrals.lifecycle import OPEN, ReferralLifecycle, State
from services.financing.referrals.models import Referral
from services.financing.referrals.problems import ReferralNotFound

MOST_OVERDUE = 200


def visible_to(actor: Actor) -> SelectOfScalar[Referral]:
    """Select what the actor may see: lenders what left for them, ministries their regions."""
    if actor.kind == "ministry":
        return select(Referral).where(evidence.seen_by(col(Referral.household_id), actor))
    left = col(Referral.state) != State.DRAFT
    return select(Referral).where(acts_for(col(Referral.provider_id), actor), left)


async def get(session: AsyncSession, referral_id: UUID, *, actor: Actor) -> Referral:
    """Return a referral, locked until the transaction ends."""
    query = visible_to(actor).where(Referral.id == referral_id).with_for_update()
    referral = (await session.exec(query)).one_or_none()
    if referral is None:
        raise ReferralNotFound(referral_id=referral_id)
    return referral


async def list_(
    session: AsyncSession,
    *,
    actor: Actor,
    page: PageRequest,
    household_id: UUID | None,
    provider_id: UUID | None,
    state: State | None,
) -> Rows[Referral]:
    """Return the referrals that the actor may see."""
    query = visible_to(actor)
    if household_id is not None:
        query = query.where(Referral.household_id == household_id)
    if provider_id is not None:
        query = query.where(Referral.provider_id == provider_id)
    if state is not None:
        query = query.where(Referral.state == state)
    return await page.rows(session, query, Referral)


async def find_open(
    session: AsyncSession, *, household_id: UUID, provider_id: UUID
) -> Referral | None:
    """Return the pair's open referral, locked."""
    query = select(Referral).where(
        Referral.household_id == household_id,
        Referral.provider_id == provider_id,
        col(Referral.state).in_(OPEN),
    )
    return (await session.exec(query.with_for_update())).one_or_none()


async def find_by_reference(
    session: AsyncSession, *, provider_id: UUID, reference: str
) -> Referral | None:
    """Return the referral that a lender gave this number."""
    query = select(Referral).where(
        Referral.provider_id == provider_id, Referral.provider_reference == reference
    )
    return (await session.exec(query)).one_or_none()


async def overdue(session: AsyncSession, *, today: date) -> Sequence[Referral]:
    """Return referrals whose next step is past its day, locked, oldest first."""
    query = (
        select(Referral)
        .where(
            col(Referral.due_on) < today, col(Referral.state).in_(ReferralLifecycle.expire.sources)
        )
        .order_by(col(Referral.due_on))
        .limit(MOST_OVERDUE)
        .with_for_update(skip_locked=True)
    )
    return (await session.exec(query)).all()
