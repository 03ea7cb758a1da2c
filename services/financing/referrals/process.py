"""Referrals: from a graduation to a lender's desk.

1. A family graduates and consents, in either order  -> open a draft at the lender.
2. A graduation is reversed                          -> open no more drafts for it.
3. The family takes its consent back                 -> its open referral ends.
"""

from contracts.empowerment import GraduationApproved, GraduationReversed
from contracts.financing import ConsentGiven, ConsentWithdrawn
from kernel.db import UnitOfWork
from kernel.subscriptions import Subscriptions
from services.financing.referrals import actions, queries
from services.financing.referrals.models import Graduate

CONSENT_WITHDRAWN = "persetujuan dicabut / consent withdrawn"

when = Subscriptions("financing.referrals")


@when(GraduationApproved)
async def draft_for_a_graduate(event: GraduationApproved, uow: UnitOfWork) -> None:
    """Remember the graduate; where it consents already, open a draft."""
    if await uow.session.get(Graduate, event.household_id) is None:
        uow.add(Graduate(household_id=event.household_id, graduated_on=event.decided_on))
    await actions.draft_for_graduate(uow, household_id=event.household_id, on=event.decided_on)


@when(GraduationReversed)
async def forget_the_graduate(event: GraduationReversed, uow: UnitOfWork) -> None:
    """A family that fell back gets no new drafts."""
    graduate = await uow.session.get(Graduate, event.household_id)
    if graduate is not None:
        await uow.session.delete(graduate)


@when(ConsentGiven)
async def draft_for_a_consenting_graduate(event: ConsentGiven, uow: UnitOfWork) -> None:
    """Where the family has graduated already, open a draft."""
    await uow.execute(actions.ONE_AT_A_TIME, {"household": str(event.household_id)})
    graduate = await uow.session.get(Graduate, event.household_id)
    if graduate is not None:
        await actions.draft_for_graduate(
            uow, household_id=event.household_id, on=graduate.graduated_on
        )


@when(ConsentWithdrawn)
async def end_without_consent(event: ConsentWithdrawn, uow: UnitOfWork) -> None:
    """End the referral that rested on the consent; steps were refused from the first moment."""
    referral = await queries.find_open(
        uow.session, household_id=event.household_id, provider_id=event.provider_id
    )
    if referral is None or referral.drafted_on > event.withdrawn_on:
        return
    ended = referral.withdraw(on=event.withdrawn_on, reason=CONSENT_WITHDRAWN)
    uow.publish(ended, key=referral.id)
