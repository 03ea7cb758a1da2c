"""Everything we ask of the consents."""

from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kernel.auth import Actor
from kernel.pagination import PageRequest, Rows
from services.registry.households.models import Household
from services.registry.households.queries import visible
from services.registry.sharing.consents.lifecycle import State
from services.registry.sharing.consents.models import Consent
from services.registry.sharing.consents.problems import ConsentNotFound, ReceiptTaken


async def get(
    session: AsyncSession, consent_id: UUID, *, seen_by: Actor, for_change: bool = False
) -> Consent:
    """Return a consent, locked until the transaction ends when it is `for_change`.

    Raises:
        ConsentNotFound: there is none, or the actor may not see its family.
    """
    query = (
        select(Consent)
        .join(Household, col(Household.id) == col(Consent.household_id))
        .where(Consent.id == consent_id, visible(seen_by))
    )
    if for_change:
        query = query.with_for_update(of=Consent)
    found = (await session.exec(query)).one_or_none()
    if found is None:
        raise ConsentNotFound(consent_id=str(consent_id))
    return found


async def require_new(session: AsyncSession, receipt_number: str) -> None:
    """Guard a receipt's number.

    Raises:
        ReceiptTaken: it was given.
    """
    query = select(Consent.id).where(Consent.receipt_number == receipt_number)
    if (await session.exec(query)).first():
        raise ReceiptTaken(receipt_number=receipt_number)


async def list_(
    session: AsyncSession,
    page: PageRequest,
    *,
    seen_by: Actor,
    household_id: UUID | None,
    state: State | None,
) -> Rows[Consent]:
    """Return a page of the consents of families that the actor may see."""
    query = (
        select(Consent)
        .join(Household, col(Household.id) == col(Consent.household_id))
        .where(visible(seen_by))
    )
    if household_id is not None:
        query = query.where(Consent.household_id == household_id)
    if state is not None:
        query = query.where(Consent.state == state)
    return await page.rows(session, query, Consent)
