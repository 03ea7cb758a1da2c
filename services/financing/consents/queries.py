"""What we ask of the consents' table."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from kernel.auth import Actor
from kernel.pagination import PageRequest, Rows
from services.financing.consents.lifecycle import State
from services.financing.consents.models import Consent
from services.financing.consents.problems import ConsentMissing, ConsentNotFound
from services.financing.evidence import queries as evidence
from services.financing.providers.queries import acts_for

MOST_CONSENTS = 100


def visible_to(actor: Actor) -> SelectOfScalar[Consent]:
    """Select what the actor may see: lenders their own, ministries their regions', others none."""
    if actor.kind == "ministry":
        return select(Consent).where(evidence.seen_by(col(Consent.household_id), actor))
    return select(Consent).where(acts_for(col(Consent.provider_id), actor))


async def get(session: AsyncSession, consent_id: UUID, *, actor: Actor) -> Consent:
    """Return a consent, locked until the transaction ends."""
    query = visible_to(actor).where(Consent.id == consent_id).with_for_update()
    consent = (await session.exec(query)).one_or_none()
    if consent is None:
        raise ConsentNotFound(consent_id=consent_id)
    return consent


async def list_(
    session: AsyncSession,
    *,
    actor: Actor,
    page: PageRequest,
    household_id: UUID | None,
    state: State | None,
) -> Rows[Consent]:
    """Return the consents that the actor may see."""
    query = visible_to(actor)
    if household_id is not None:
        query = query.where(Consent.household_id == household_id)
    if state is not None:
        query = query.where(Consent.state == state)
    return await page.rows(session, query, Consent)


async def find_live(
    session: AsyncSession, *, household_id: UUID, provider_id: UUID
) -> Consent | None:
    """Return the pair's live consent, locked, whether or not its day has passed."""
    query = select(Consent).where(
        Consent.household_id == household_id,
        Consent.provider_id == provider_id,
        Consent.state == State.LIVE,
    )
    return (await session.exec(query.with_for_update())).one_or_none()


async def live_of(session: AsyncSession, household_id: UUID) -> Sequence[Consent]:
    """Return a family's live consents."""
    query = select(Consent).where(Consent.household_id == household_id, Consent.state == State.LIVE)
    return (await session.exec(query.limit(MOST_CONSENTS))).all()


async def require(
    session: AsyncSession, *, household_id: UUID, provider_id: UUID, purpose: str, on: date
) -> Consent:
    """Return the consent that covers this use on this day.

    Raises:
        ConsentMissing: there is none, it was withdrawn, it had not begun, its day passed, or it
            names other purposes.
    """
    consent = await find_live(session, household_id=household_id, provider_id=provider_id)
    if consent is None or not consent.covers(purpose, on=on):
        raise ConsentMissing(purpose=purpose)
    return consent
