"""Agreements over HTTP: drafted, approved by a second person, renewed, suspended, ended."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from kernel import clock
from kernel.auth import Actor
from kernel.pagination import Page, PageQuery, Rows
from kernel.web import Body, Uow, View, slice_router
from services.registry.agency import Agency
from services.registry.sharing import actions, queries
from services.registry.sharing.access import MayApprove, MayRead, MayWrite
from services.registry.sharing.consents.api import router as consents
from services.registry.sharing.drafts import AgreementIn, TermsIn, TermsOut
from services.registry.sharing.erasure.api import ROUTERS as ERASURE
from services.registry.sharing.ledger.api import ROUTERS as LEDGER
from services.registry.sharing.lifecycle import State
from services.registry.sharing.models import Agreement, Terms
from services.registry.sharing.reads.api import ROUTERS as READS

router = slice_router("/sharing-agreements", tag="sharing agreements")
ROUTERS: tuple[APIRouter, ...] = (router, consents, *READS, *LEDGER, *ERASURE)


class ApproveIn(Body):
    """The number of the terms that one has read and agrees to."""

    terms: Annotated[int, Field(ge=1, le=100_000)]


class AgreementOut(View):
    """An agreement; its terms by number are listed beside it."""

    id: UUID
    version: int
    number: str
    state: State
    proposed: int | None
    in_force: int | None
    in_force_since: datetime | None
    approved_by: str | None


@router.post("", status_code=201, response_model=AgreementOut)
async def draft_agreement(
    body: AgreementIn, actor: MayWrite, uow: Uow, response: Response
) -> Agreement:
    """Draft an agreement; nothing is shared by it until a second person approves."""
    await queries.require_new(uow.session, body.number)
    agreement = Agreement(number=body.number)
    uow.add(agreement)
    await uow.flush()
    await actions.propose(uow, agreement, body, actor=actor)
    response.headers["Location"] = f"/v1/sharing-agreements/{agreement.id}"
    return agreement


@router.get("", response_model=Page[AgreementOut])
async def list_agreements(
    actor: MayRead,
    agency: Agency,
    uow: Uow,
    page: PageQuery,
    state: State | None = None,
    party: str | None = None,
) -> Rows[Agreement]:
    """List agreements: another organisation sees those that name it."""
    named = party if actor.organisation == agency else actor.organisation
    return await queries.list_(uow.session, page, state=state, party=named)


@router.get("/{agreement_id}", response_model=AgreementOut)
async def show_agreement(agreement_id: UUID, actor: MayRead, agency: Agency, uow: Uow) -> Agreement:
    """Show an agreement."""
    return await queries.get(uow.session, agreement_id, party=_party(actor, agency))


@router.get("/{agreement_id}/terms", response_model=list[TermsOut])
async def list_terms(agreement_id: UUID, actor: MayRead, agency: Agency, uow: Uow) -> list[Terms]:
    """List all terms that were ever proposed, the first ones first."""
    await queries.get(uow.session, agreement_id, party=_party(actor, agency))
    return list(await queries.terms_of(uow.session, agreement_id))


@router.post("/{agreement_id}/terms", response_model=AgreementOut)
async def propose_terms(agreement_id: UUID, body: TermsIn, actor: MayWrite, uow: Uow) -> Agreement:
    """Propose other terms; those in force hold until a second person approves these."""
    agreement = await queries.get(uow.session, agreement_id, for_change=True)
    await actions.propose(uow, agreement, body, actor=actor)
    return agreement


@router.post("/{agreement_id}/approve", response_model=AgreementOut)
async def approve_terms(
    agreement_id: UUID, body: ApproveIn, actor: MayApprove, uow: Uow
) -> Agreement:
    """Let proposed terms take force."""
    agreement = await queries.get(uow.session, agreement_id, for_change=True)
    terms = await queries.get_terms(uow.session, agreement_id, body.terms)
    agreement.approve(terms, by=actor.subject, at=clock.now())
    return agreement


@router.post("/{agreement_id}/suspend", response_model=AgreementOut)
async def suspend_agreement(agreement_id: UUID, actor: MayWrite, uow: Uow) -> Agreement:
    """Stop all reading under an agreement, at once."""
    agreement = await queries.get(uow.session, agreement_id, for_change=True)
    agreement.suspend()
    return agreement


@router.post("/{agreement_id}/resume", response_model=AgreementOut)
async def resume_agreement(agreement_id: UUID, actor: MayApprove, uow: Uow) -> Agreement:
    """Let the same terms hold again."""
    agreement = await queries.get(uow.session, agreement_id, for_change=True)
    agreement.resume()
    return agreement


@router.post("/{agreement_id}/end", response_model=AgreementOut)
async def end_agreement(agreement_id: UUID, actor: MayApprove, uow: Uow) -> Agreement:
    """End an agreement for good."""
    agreement = await queries.get(uow.session, agreement_id, for_change=True)
    agreement.end()
    return agreement


def _party(actor: Actor, agency: str) -> str | None:
    return None if actor.organisation == agency else actor.organisation
