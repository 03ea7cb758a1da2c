"""What we ask of the evidence."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.financing.bankability.models import Evidence, GroupMembership, PaidMonth
from services.financing.bankability.problems import NoEvidence
from services.financing.bankability.scoring import Score, score

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


async def score_of(session: AsyncSession, household_id: UUID) -> Score:
    """Return the family's explained score.

    Raises:
        NoEvidence: nothing was heard of the family.
    """
    return score(
        await get(session, household_id),
        paid=await paid_months(session, household_id),
        in_group=await is_in_group(session, household_id),
    )
