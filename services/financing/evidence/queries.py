"""What we ask of the evidence."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, or_, true
from sqlalchemy.orm import Mapped
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kernel.auth import Actor
from services.financing.evidence.models import Evidence, GroupMembership, PaidMonth
from services.financing.evidence.problems import NoEvidence

MOST_MONTHS = 120


async def get(session: AsyncSession, household_id: UUID) -> Evidence:
    """Return what is known of a family."""
    evidence = await session.get(Evidence, household_id)
    if evidence is None:
        raise NoEvidence(household_id=household_id)
    return evidence


async def paid_months(session: AsyncSession, household_id: UUID) -> Sequence[Decimal]:
    """Return the income of each paid month in IDR, oldest first."""
    query = select(col(PaidMonth.amount)).where(PaidMonth.household_id == household_id)
    return (await session.exec(query.order_by(col(PaidMonth.month)).limit(MOST_MONTHS))).all()


async def is_in_group(session: AsyncSession, household_id: UUID) -> bool:
    """Tell whether the family belongs to a working group."""
    query = select(GroupMembership).where(GroupMembership.household_id == household_id)
    return (await session.exec(query.limit(1))).first() is not None


def seen_by(household_id: Mapped[UUID], actor: Actor) -> ColumnElement[bool]:
    """Match the families that the actor may see; without regions it sees the whole country."""
    if not actor.regions:
        return true()
    desa_code = col(Evidence.desa_code)
    inside = (
        or_(desa_code == region, desa_code.startswith(f"{region}.", autoescape=True))
        for region in actor.regions
    )
    return household_id.in_(select(Evidence.household_id).where(or_(*inside)))


async def require_seen(session: AsyncSession, household_id: UUID, *, actor: Actor) -> None:
    """Guard what is asked, or recorded, of a family.

    Raises:
        NoEvidence: it is not known to live in the actor's regions.
    """
    if not actor.regions:
        return
    known = await session.get(Evidence, household_id)
    if known is None or known.desa_code is None or not actor.sees_region(known.desa_code):
        raise NoEvidence(household_id=household_id)
