"""Referrals over HTTP: the family's side and the lender's side."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import Response
from pydantic import Field

from kernel.db import UnitOfWork
from kernel.fields import BusinessDate, Code, Note
from kernel.idempotency import IDEMPOTENCY_KEY_REQUIRED
from kernel.money import Money
from kernel.pagination import Page, PageQuery
from kernel.web import Body, Uow, View, slice_router
from services.financing.referrals import actions, queries
from services.financing.referrals.access import MayDecide, MayRead, MayRefer
from services.financing.referrals.lifecycle import State
from services.financing.referrals.models import Referral
from services.financing.referrals.problems import ProviderReferenceTaken

router = slice_router("/referrals", tag="referrals")


class ReferralIn(Body):
    """A family's wish: which product of which lender, how much."""

    household_id: UUID
    provider_id: UUID
    product_code: Code
    amount: Money
    drafted_on: BusinessDate


class ReferIn(Body):
    """What a draft still lacks, and the day it leaves."""

    on: BusinessDate
    product_code: Code | None = None
    amount: Money | None = None


class On(Body):
    """The day of a step."""

    on: BusinessDate


class AcknowledgeIn(On):
    """The lender's own number of the referral."""

    provider_reference: Code


class QuestionIn(On):
    """What the lender still wants to know."""

    question: Note


class AssessIn(On):
    """What the lender found."""

    note: Note


class OfferIn(On):
    """What the lender offers: IDR, months, percent a year."""

    amount: Money
    months: int = Field(ge=1, le=120)
    yearly_rate_percent: Annotated[Decimal, Field(ge=0, le=100, decimal_places=2)]


class DisburseIn(On):
    """The number of the payment."""

    proof_reference: Code


class ReasonIn(On):
    """Why."""

    reason: Note


class ReferralOut(View):
    """A referral; only its lender and the ministries can read it, so it shows the amounts."""

    id: UUID
    version: int
    household_id: UUID
    provider_id: UUID
    product_code: str | None
    amount: Money | None
    state: State
    drafted_on: date
    due_on: date | None
    provider_reference: str | None
    question: str | None
    assessment: str | None
    offered_amount: Money | None
    offered_months: int | None
    offered_yearly_rate_percent: str | None
    proof_reference: str | None
    reason: str | None


@router.post(
    "", status_code=201, response_model=ReferralOut, dependencies=[IDEMPOTENCY_KEY_REQUIRED]
)
async def draft_referral(
    body: ReferralIn, actor: MayRefer, uow: Uow, response: Response
) -> ReferralOut:
    """Open a referral for a family that consents; the product's rules are checked and told."""
    await actions.require_referrer(uow, body.household_id, actor=actor)
    referral = await actions.draft(
        uow,
        household_id=body.household_id,
        provider_id=body.provider_id,
        product_code=body.product_code,
        amount=body.amount,
        on=body.drafted_on,
    )
    response.headers["Location"] = f"/v1/referrals/{referral.id}"
    return await _shown(uow, referral)


@router.get("", response_model=Page[ReferralOut])
async def list_referrals(
    actor: MayRead,
    uow: Uow,
    page: PageQuery,
    household_id: UUID | None = None,
    provider_id: UUID | None = None,
    state: State | None = None,
) -> Page[ReferralOut]:
    """List referrals: a lender sees what was referred to it."""
    rows = await queries.list_(
        uow.session,
        actor=actor,
        page=page,
        household_id=household_id,
        provider_id=provider_id,
        state=state,
    )
    return Page(items=[_out(each) for each in rows.items], next=rows.next)


@router.get("/{referral_id}", response_model=ReferralOut)
async def get_referral(referral_id: UUID, actor: MayRead, uow: Uow) -> ReferralOut:
    """Show a referral."""
    return await _shown(uow, await queries.get(uow.session, referral_id, actor=actor))


@router.post("/{referral_id}/refer", response_model=ReferralOut)
async def refer(referral_id: UUID, body: ReferIn, actor: MayRefer, uow: Uow) -> ReferralOut:
    """Hand a draft to the lender."""
    referral = await actions.as_referrer(uow, referral_id, actor=actor)
    await actions.refer(
        uow, referral, on=body.on, product_code=body.product_code, amount=body.amount
    )
    return await _shown(uow, referral)


@router.post("/{referral_id}/acknowledge", response_model=ReferralOut)
async def acknowledge(
    referral_id: UUID, body: AcknowledgeIn, actor: MayDecide, uow: Uow
) -> ReferralOut:
    """The lender takes it up under its own number."""
    referral = await actions.as_provider(uow, referral_id, actor=actor, on=body.on)
    reference = body.provider_reference
    taken = await queries.find_by_reference(
        uow.session, provider_id=referral.provider_id, reference=reference
    )
    if taken is not None and taken.id != referral.id:
        raise ProviderReferenceTaken(provider_reference=reference)
    event = referral.acknowledge(on=body.on, provider_reference=reference)
    uow.publish(event, key=referral.id)
    return await _shown(uow, referral)


@router.post("/{referral_id}/request-information", response_model=ReferralOut)
async def request_information(
    referral_id: UUID, body: QuestionIn, actor: MayDecide, uow: Uow
) -> ReferralOut:
    """The lender asks for more."""
    referral = await actions.as_provider(uow, referral_id, actor=actor, on=body.on)
    event = referral.request_information(on=body.on, question=body.question)
    uow.publish(event, key=referral.id)
    return await _shown(uow, referral)


@router.post("/{referral_id}/answer-information", response_model=ReferralOut)
async def answer_information(referral_id: UUID, body: On, actor: MayRefer, uow: Uow) -> ReferralOut:
    """What was asked for was given."""
    referral = await actions.as_referrer(uow, referral_id, actor=actor)
    uow.publish(referral.answer_information(on=body.on), key=referral.id)
    return await _shown(uow, referral)


@router.post("/{referral_id}/assess", response_model=ReferralOut)
async def assess(referral_id: UUID, body: AssessIn, actor: MayDecide, uow: Uow) -> ReferralOut:
    """The lender looked at the evidence."""
    referral = await actions.as_provider(uow, referral_id, actor=actor, on=body.on)
    uow.publish(referral.assess(on=body.on, note=body.note), key=referral.id)
    return await _shown(uow, referral)


@router.post("/{referral_id}/offer", response_model=ReferralOut)
async def offer(referral_id: UUID, body: OfferIn, actor: MayDecide, uow: Uow) -> ReferralOut:
    """The lender makes an offer."""
    referral = await actions.as_provider(uow, referral_id, actor=actor, on=body.on)
    event = referral.offer(
        on=body.on,
        amount=body.amount,
        months=body.months,
        yearly_rate=body.yearly_rate_percent,
    )
    uow.publish(event, key=referral.id)
    return await _shown(uow, referral)


@router.post("/{referral_id}/accept", response_model=ReferralOut)
async def accept(referral_id: UUID, body: On, actor: MayRefer, uow: Uow) -> ReferralOut:
    """The family accepts the offer, through the agency that referred it."""
    referral = await actions.as_referrer(uow, referral_id, actor=actor)
    uow.publish(referral.accept(on=body.on), key=referral.id)
    return await _shown(uow, referral)


@router.post("/{referral_id}/approve", response_model=ReferralOut)
async def approve(referral_id: UUID, body: On, actor: MayDecide, uow: Uow) -> ReferralOut:
    """The lender approves the credit."""
    referral = await actions.as_provider(uow, referral_id, actor=actor, on=body.on)
    uow.publish(referral.approve(on=body.on), key=referral.id)
    return await _shown(uow, referral)


@router.post("/{referral_id}/disburse", response_model=ReferralOut)
async def disburse(referral_id: UUID, body: DisburseIn, actor: MayDecide, uow: Uow) -> ReferralOut:
    """The lender paid the money out."""
    referral = await actions.as_provider(uow, referral_id, actor=actor, on=body.on)
    event = referral.disburse(on=body.on, proof_reference=body.proof_reference)
    uow.publish(event, key=referral.id)
    return await _shown(uow, referral)


@router.post("/{referral_id}/reject", response_model=ReferralOut)
async def reject(referral_id: UUID, body: ReasonIn, actor: MayDecide, uow: Uow) -> ReferralOut:
    """The lender declines, and says why."""
    referral = await actions.as_provider(uow, referral_id, actor=actor, on=body.on)
    uow.publish(referral.reject(on=body.on, reason=body.reason), key=referral.id)
    return await _shown(uow, referral)


@router.post("/{referral_id}/withdraw", response_model=ReferralOut)
async def withdraw(referral_id: UUID, body: ReasonIn, actor: MayRefer, uow: Uow) -> ReferralOut:
    """The family steps back."""
    referral = await actions.as_referrer(uow, referral_id, actor=actor)
    uow.publish(referral.withdraw(on=body.on, reason=body.reason), key=referral.id)
    return await _shown(uow, referral)


async def _shown(uow: UnitOfWork, referral: Referral) -> ReferralOut:
    await uow.session.flush()
    uow.shown = referral.version
    return _out(referral)


def _out(referral: Referral) -> ReferralOut:
    rate = referral.offered_yearly_rate
    plain = referral.model_dump(exclude={"amount", "offered_amount", "offered_yearly_rate"})
    return ReferralOut(
        **plain,
        amount=_money(referral.amount),
        offered_amount=_money(referral.offered_amount),
        offered_yearly_rate_percent=None if rate is None else str(rate),
    )


def _money(amount: Decimal | None) -> Money | None:
    return None if amount is None else Money(amount=amount)
