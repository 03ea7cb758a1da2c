"""The figures of this service that the front page shows."""

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.financing.consents.lifecycle import State as ConsentState
from services.financing.consents.models import Consent
from services.financing.referrals.lifecycle import State
from services.financing.referrals.models import Referral


async def live_consents(session: AsyncSession) -> int:
    """Count the consents that hold."""
    query = select(func.count()).select_from(Consent).where(Consent.state == ConsentState.LIVE)
    return (await session.exec(query)).one()


async def referrals_by_state(session: AsyncSession) -> dict[State, int]:
    """Count referrals, a number a state."""
    query = select(col(Referral.state), func.count()).group_by(col(Referral.state))
    found = dict((await session.exec(query)).all())
    return {state: found.get(state, 0) for state in State}
