"""Consents over HTTP."""

from datetime import date
from typing import Literal
from uuid import UUID

from fastapi import Response
from pydantic import Field

from kernel.fields import BusinessDate, Code
from kernel.pagination import Page, PageQuery, Rows
from kernel.web import Body, Uow, View, slice_router
from services.financing.consents import queries
from services.financing.consents.access import MayRead, MayWrite
from services.financing.consents.lifecycle import State
from services.financing.consents.models import Consent
from services.financing.consents.problems import ConsentExists
from services.financing.evidence import queries as evidence
from services.financing.providers import queries as providers

router = slice_router("/consents", tag="consents")

Purpose = Literal["credit_assessment", "credit_monitoring", "mentoring"]
DataSet = Literal["income", "quality", "group", "training"]


class ConsentIn(Body):
    """What a family allows; `evidence_reference` is the number of the signed form."""

    household_id: UUID
    provider_id: UUID
    purposes: list[Purpose] = Field(min_length=1, max_length=3)
    data_sets: list[DataSet] = Field(min_length=1, max_length=4)
    given_on: BusinessDate
    valid_until: BusinessDate
    evidence_reference: Code


class Withdrawal(Body):
    """The day on which a family took its consent back."""

    withdrawn_on: BusinessDate


class ConsentOut(View):
    """A consent."""

    id: UUID
    version: int
    household_id: UUID
    provider_id: UUID
    purposes: list[str]
    data_sets: list[str]
    given_on: date
    valid_until: date
    withdrawn_on: date | None
    evidence_reference: str
    state: State


@router.post("", status_code=201, response_model=ConsentOut)
async def give_consent(body: ConsentIn, actor: MayWrite, uow: Uow, response: Response) -> Consent:
    """Record a family's consent; a pair of family and lender has one live consent."""
    await evidence.require_seen(uow.session, body.household_id, actor=actor)
    provider = await providers.get(uow.session, body.provider_id)
    before = await queries.find_live(
        uow.session, household_id=body.household_id, provider_id=provider.id
    )
    if before is not None:
        _make_room(before, on=body.given_on)
        await uow.session.flush()
    consent = Consent(**body.model_dump())
    uow.add(consent)
    uow.publish(consent.give(), key=consent.id)
    response.headers["Location"] = f"/v1/consents/{consent.id}"
    return consent


@router.post("/{consent_id}/withdraw", response_model=ConsentOut)
async def withdraw_consent(
    consent_id: UUID, body: Withdrawal, actor: MayWrite, uow: Uow
) -> Consent:
    """Take a consent back, with effect at once; open referrals that rest on it end."""
    consent = await queries.get(uow.session, consent_id, actor=actor)
    uow.publish(consent.withdraw(on=body.withdrawn_on), key=consent.id)
    return consent


@router.get("", response_model=Page[ConsentOut])
async def list_consents(
    actor: MayRead,
    uow: Uow,
    page: PageQuery,
    household_id: UUID | None = None,
    state: State | None = None,
) -> Rows[Consent]:
    """List consents: a lender sees those towards itself."""
    return await queries.list_(
        uow.session, actor=actor, page=page, household_id=household_id, state=state
    )


@router.get("/{consent_id}", response_model=ConsentOut)
async def get_consent(consent_id: UUID, actor: MayRead, uow: Uow) -> Consent:
    """Show a consent."""
    return await queries.get(uow.session, consent_id, actor=actor)


def _make_room(before: Consent, *, on: date) -> None:
    if on <= before.valid_until:
        raise ConsentExists
    before.expire()
