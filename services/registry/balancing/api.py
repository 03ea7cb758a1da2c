"""Proposals to even out caseloads over HTTP: asked for, read, applied by a second person."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from kernel import clock
from kernel.fields import BusinessDate, RegionCode
from kernel.pagination import DEFAULT_LIMIT, MAX_LIMIT, Page
from kernel.web import Body, Uow, View, slice_router
from services.registry.balancing import actions, queries
from services.registry.balancing.access import MayApprove, MayRead, MayWrite
from services.registry.balancing.lifecycle import State
from services.registry.balancing.models import CaseloadProposal, Reason
from services.registry.facilitators.problems import OutsideYourArea
from services.registry.regions import queries as regions

router = slice_router("/caseload-proposals", tag="facilitators")
ROUTERS: tuple[APIRouter, ...] = (router,)


class ProposalIn(Body):
    """The region whose caseloads are to be evened out, by the areas of a day; today's if none."""

    within: RegionCode
    on: BusinessDate | None = None


class CaseloadsOut(View):
    """A pendamping's families before and after."""

    facilitator_id: UUID
    before: int
    after: int


class ProposalOut(View):
    """A proposal: how many `families` would move, and the caseloads of everybody concerned."""

    id: UUID
    version: int
    within: str
    on_day: date
    state: State
    families: int
    caseloads: list[CaseloadsOut]


class MoveOut(View):
    """One family that would move, and why."""

    household_id: UUID
    from_facilitator_id: UUID
    to_facilitator_id: UUID
    reason: Reason


class ApplyIn(Body):
    """The day since when the families are in the other caseload."""

    on: BusinessDate


@router.post("", status_code=201, response_model=ProposalOut)
async def propose(
    body: ProposalIn, actor: MayWrite, uow: Uow, response: Response
) -> CaseloadProposal:
    """Propose who hands over which families: as even as areas allow, with the fewest moves."""
    await regions.get(uow.session, body.within)
    if not actor.sees_region(body.within):
        raise OutsideYourArea(region_code=body.within)
    day = body.on or clock.today()
    proposal = await actions.propose(uow, body.within, on=day, by=actor.subject)
    response.headers["Location"] = f"/v1/caseload-proposals/{proposal.id}"
    return proposal


@router.get("/{proposal_id}", response_model=ProposalOut)
async def show_proposal(proposal_id: UUID, actor: MayRead, uow: Uow) -> CaseloadProposal:
    """Show a proposal."""
    return await queries.get_proposal(uow.session, proposal_id, seen_by=actor)


@router.get("/{proposal_id}/moves")
async def list_moves(
    proposal_id: UUID,
    actor: MayRead,
    uow: Uow,
    cursor: Annotated[UUID | None, Query(description="The `next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
) -> Page[MoveOut]:
    """List the families that would move."""
    await queries.get_proposal(uow.session, proposal_id, seen_by=actor)
    moves = await queries.moves_of(uow.session, proposal_id, after=cursor, limit=limit + 1)
    items = [MoveOut.model_validate(move) for move in moves[:limit]]
    return Page(items=items, next=str(items[-1].household_id) if len(moves) > limit else None)


@router.post("/{proposal_id}/apply", response_model=ProposalOut)
async def apply_proposal(
    proposal_id: UUID, body: ApplyIn, actor: MayApprove, uow: Uow
) -> CaseloadProposal:
    """Move the families of a proposal: all of them, or none; the history is kept."""
    proposal = await queries.get_proposal(uow.session, proposal_id, seen_by=actor, for_change=True)
    await actions.apply(uow, proposal, by=actor.subject, on=body.on)
    return proposal


@router.post("/{proposal_id}/refuse", response_model=ProposalOut)
async def refuse_proposal(proposal_id: UUID, actor: MayApprove, uow: Uow) -> CaseloadProposal:
    """Forget a proposal; nothing moves."""
    proposal = await queries.get_proposal(uow.session, proposal_id, seen_by=actor, for_change=True)
    proposal.refuse(by=actor.subject)
    return proposal
