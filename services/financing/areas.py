"""Which families an officer sees: those known to live in the regions that the officer works in."""

from uuid import UUID

from sqlalchemy import ColumnElement, or_, true
from sqlalchemy.orm import Mapped
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kernel.auth import Actor
from services.financing.bankability.models import Evidence
from services.financing.bankability.problems import NoEvidence


def visible(household_id: Mapped[UUID], actor: Actor) -> ColumnElement[bool]:
    """Match the families that the actor may see; without regions it sees the whole country."""
    if not actor.regions:
        return true()
    desa_code = col(Evidence.desa_code)
    inside = (
        or_(desa_code == region, desa_code.startswith(f"{region}.", autoescape=True))
        for region in actor.regions
    )
    return household_id.in_(select(Evidence.household_id).where(or_(*inside)))


async def require(session: AsyncSession, household_id: UUID, *, actor: Actor) -> None:
    """Guard what is asked, or recorded, of a family.

    Raises:
        NoEvidence: it is not known to live in the actor's regions.
    """
    if not actor.regions:
        return
    known = await session.get(Evidence, household_id)
    if known is None or known.desa_code is None or not actor.sees_region(known.desa_code):
        raise NoEvidence(household_id=household_id)
