"""What the evidence amounts to."""

from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.financing.bankability.scoring import Score, score
from services.financing.evidence import queries as evidence


async def score_of(session: AsyncSession, household_id: UUID) -> Score:
    """Return the family's explained score.

    Raises:
        NoEvidence: nothing was heard of the family.
    """
    return score(
        await evidence.get(session, household_id),
        paid=await evidence.paid_months(session, household_id),
        in_group=await evidence.is_in_group(session, household_id),
    )
