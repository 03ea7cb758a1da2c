"""Where a referral, its product's rules, the evidence and the consent meet."""

from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from kernel import clock
from kernel.auth import Actor
from kernel.db import UnitOfWork
from kernel.money import Money
from services.financing.consents import queries as consents
from services.financing.evidence import queries as evidence
from services.financing.providers import queries as providers
from services.financing.providers.models import ProviderProduct
from services.financing.referrals import queries
from services.financing.referrals.models import Referral
from services.financing.referrals.problems import (
    NotTheProvider,
    NotTheReferrer,
    ReferralExists,
    RulesNotMet,
)

PURPOSE = "credit_assessment"

# A graduation and a consent of one family that arrive at once take turns, so that the later one
# sees the earlier one and a draft is opened.
ONE_AT_A_TIME = sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:household, 1))")


@dataclass(frozen=True)
class Checked:
    """A product's rule against what is known of the family."""

    rule: str
    seen: int
    wanted: int
    passed: bool


async def draft(
    uow: UnitOfWork,
    *,
    household_id: UUID,
    provider_id: UUID,
    on: date,
    product_code: str | None = None,
    amount: Money | None = None,
) -> Referral:
    """Open a referral for a family that consents.

    Raises:
        ConsentMissing: no live consent to credit assessment.
        ReferralExists: the pair has an open one.
        RulesNotMet: the product, if one is named, is not for this family or amount.
    """
    await consents.require(
        uow.session, household_id=household_id, provider_id=provider_id, purpose=PURPOSE, on=on
    )
    before = await queries.find_open(
        uow.session, household_id=household_id, provider_id=provider_id
    )
    if before is not None:
        raise ReferralExists(referral_id=before.id)
    referral = Referral(household_id=household_id, provider_id=provider_id, drafted_on=on)
    referral.ask_for(product_code=product_code, amount=amount)
    await _check_rules(uow, referral)
    uow.add(referral)
    uow.publish(referral.draft(), key=referral.id)
    return referral


async def refer(
    uow: UnitOfWork,
    referral: Referral,
    *,
    on: date,
    product_code: str | None,
    amount: Money | None,
) -> None:
    """Hand a draft to the lender.

    Raises:
        ConsentMissing, RulesNotMet, ReferralIncomplete, IllegalMove.
    """
    referral.ask_for(product_code=product_code, amount=amount)
    event = referral.refer(on=on)
    await require_consent(uow, referral, on=on)
    await _check_rules(uow, referral)
    uow.publish(event, key=referral.id)


async def require_consent(uow: UnitOfWork, referral: Referral, *, on: date) -> None:
    """Check that the family still consents.

    Raises:
        ConsentMissing: it does not.
    """
    await consents.require(
        uow.session,
        household_id=referral.household_id,
        provider_id=referral.provider_id,
        purpose=PURPOSE,
        on=on,
    )


async def as_provider(uow: UnitOfWork, referral_id: UUID, *, actor: Actor, on: date) -> Referral:
    """Return the referral for a step that is its lender's, under a live consent.

    Raises:
        ReferralNotFound, NotTheProvider, ConsentMissing.
    """
    referral = await queries.get(uow.session, referral_id, actor=actor)
    if actor.kind != "provider":
        raise NotTheProvider
    await require_consent(uow, referral, on=on)
    return referral


async def as_referrer(uow: UnitOfWork, referral_id: UUID, *, actor: Actor) -> Referral:
    """Return the referral for a step that is taken for the family.

    Raises:
        ReferralNotFound, NotTheReferrer.
    """
    referral = await queries.get(uow.session, referral_id, actor=actor)
    _guard_referrer(actor)
    return referral


async def require_referrer(uow: UnitOfWork, household_id: UUID, *, actor: Actor) -> None:
    """Guard a new referral.

    Raises:
        NotTheReferrer: a lender cannot refer a family to itself.
        NoEvidence: the family does not live in the actor's regions.
    """
    _guard_referrer(actor)
    await evidence.require_seen(uow.session, household_id, actor=actor)


def _guard_referrer(actor: Actor) -> None:
    if actor.kind == "provider":
        raise NotTheReferrer


async def draft_for_graduate(uow: UnitOfWork, *, household_id: UUID, on: date) -> None:
    """Open a draft at each lender that a graduated family consents to, where none is open."""
    await uow.execute(ONE_AT_A_TIME, {"household": str(household_id)})
    for consent in await consents.live_of(uow.session, household_id):
        provider_id = consent.provider_id
        day = max(on, consent.given_on)  # the later of the two opens the draft, and its clock
        before = await queries.find_open(
            uow.session, household_id=household_id, provider_id=provider_id
        )
        if consent.covers(PURPOSE, on=day) and before is None:
            await draft(uow, household_id=household_id, provider_id=provider_id, on=day)


async def expire_overdue(uow: UnitOfWork) -> None:
    """Let referrals go whose next step nobody took in time; the worker's timer calls it."""
    today = clock.today()
    for referral in await queries.overdue(uow.session, today=today):
        uow.publish(referral.expire(on=today), key=referral.id)


async def _check_rules(uow: UnitOfWork, referral: Referral) -> None:
    if referral.product_code is None:
        return
    product = await providers.get_product(uow.session, referral.provider_id, referral.product_code)
    checked = [*_amount_checks(product, referral), *await _family_checks(uow, product, referral)]
    if not all(each.passed for each in checked):
        raise RulesNotMet(rules=[asdict(each) for each in checked])


def _amount_checks(product: ProviderProduct, referral: Referral) -> list[Checked]:
    if referral.amount is None:
        return []
    amount, least, most = (int(a) for a in (referral.amount, product.minimum, product.maximum))
    return [
        Checked("min_amount", amount, least, referral.amount >= product.minimum),
        Checked("max_amount", amount, most, referral.amount <= product.maximum),
    ]


async def _family_checks(
    uow: UnitOfWork, product: ProviderProduct, referral: Referral
) -> list[Checked]:
    household_id = referral.household_id
    known = await evidence.get(uow.session, household_id)
    seen = {
        "adult_woman": known.adult_women,
        "group_member": int(await evidence.is_in_group(uow.session, household_id)),
        "paid_months_at_least": len(await evidence.paid_months(uow.session, household_id)),
    }
    return [
        Checked(rule, seen[rule], int(each["value"]), seen[rule] >= int(each["value"]))
        for each in product.rules
        for rule in [str(each["rule"])]
    ]
