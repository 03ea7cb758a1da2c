"""Enrolments over HTTP."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Request, Response
from pydantic import Field

from kernel.auth import Actor
from kernel.db import UnitOfWork
from kernel.fields import BusinessDate
from kernel.pagination import Page, PageQuery
from kernel.problems import Problem
from kernel.web import Body, Uow, View, slice_router
from services.empowerment.batches import BatchOut, OnError, answer
from services.empowerment.enrolments import actions, queries
from services.empowerment.enrolments.access import MayApprove, MayRead, MayWrite, require_decider
from services.empowerment.enrolments.actions import Proposal, Step
from services.empowerment.enrolments.lifecycle import State
from services.empowerment.enrolments.models import DECISIONS, Enrolment, Verb
from services.empowerment.fields import MOST_AT_ONCE, Reason
from services.empowerment.findings import Finding

router = slice_router("/enrolments", tag="enrolments")


class EnrolmentIn(Body):
    """A family to propose for a programme."""

    programme_id: UUID
    household_id: UUID
    proposed_on: BusinessDate


class EnrolmentBatchIn(Body):
    """Families to propose."""

    on_error: OnError
    items: Annotated[list[EnrolmentIn], Field(min_length=1, max_length=MOST_AT_ONCE)]


class StepIn(Body):
    """On which day, and why."""

    on: BusinessDate
    reason: Reason | None = None


class MovesIn(StepIn):
    """One move for many enrolments."""

    move: Verb
    ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST_AT_ONCE)]
    on_error: OnError


class EnrolmentOut(View):
    """An enrolment, with the answers to the programme's rules when it was proposed."""

    id: UUID
    version: int
    programme_id: UUID
    household_id: UUID
    state: State
    eligibility: list[Finding]
    proposed_on: date
    moved_on: date
    reason: str | None


class OtherProgramme(View):
    """Another programme that the family takes part in, or was proposed for."""

    programme_id: UUID
    enrolment_id: UUID
    state: State


class EnrolmentWithOthers(EnrolmentOut):
    """An enrolment, and what else the family takes part in."""

    other_programmes: list[OtherProgramme]


@router.post("", status_code=201)
async def propose_enrolment(
    body: EnrolmentIn, actor: MayWrite, uow: Uow, response: Response
) -> EnrolmentWithOthers:
    """Propose a family; when it is not eligible, the problem tells each rule and the value seen."""
    (enrolment,) = await actions.propose(uow, [_proposal(body)], actor=actor)
    if isinstance(enrolment, Problem):
        raise enrolment
    await uow.session.flush()
    response.headers["Location"] = f"/v1/enrolments/{enrolment.id}"
    return await _shown(uow, enrolment)


@router.post("/batch", status_code=207)
async def propose_many(
    body: EnrolmentBatchIn, actor: MayWrite, uow: Uow, request: Request
) -> BatchOut:
    """Propose up to 500 families in one transaction."""
    proposed = await actions.propose(uow, [_proposal(item) for item in body.items], actor=actor)
    outcomes = [each if isinstance(each, Problem) else each.id for each in proposed]
    return answer(request, outcomes, on_error=body.on_error, status=201, place="items")


@router.post("/moves", status_code=207)
async def move_many(body: MovesIn, actor: MayWrite, uow: Uow, request: Request) -> BatchOut:
    """Move up to 500 enrolments on in one transaction; never past a programme's quota."""
    if body.move in DECISIONS:
        require_decider(actor)
    step = Step(verb=body.move, on=body.on, reason=body.reason)
    outcomes = await actions.move(uow, body.ids, step, actor=actor)
    return answer(request, outcomes, on_error=body.on_error, status=200, place="ids")


@router.post("/{enrolment_id}/approve", response_model=EnrolmentOut)
async def approve_enrolment(
    enrolment_id: UUID, body: StepIn, actor: MayApprove, uow: Uow
) -> Enrolment:
    """Give the family one of the programme's places."""
    return await _moved(uow, enrolment_id, Verb.APPROVE, body, actor)


@router.post("/{enrolment_id}/reject", response_model=EnrolmentOut)
async def reject_enrolment(
    enrolment_id: UUID, body: StepIn, actor: MayApprove, uow: Uow
) -> Enrolment:
    """Decline the proposal."""
    return await _moved(uow, enrolment_id, Verb.REJECT, body, actor)


@router.post("/{enrolment_id}/activate", response_model=EnrolmentOut)
async def activate_enrolment(
    enrolment_id: UUID, body: StepIn, actor: MayWrite, uow: Uow
) -> Enrolment:
    """Let the family begin."""
    return await _moved(uow, enrolment_id, Verb.ACTIVATE, body, actor)


@router.post("/{enrolment_id}/complete", response_model=EnrolmentOut)
async def complete_enrolment(
    enrolment_id: UUID, body: StepIn, actor: MayWrite, uow: Uow
) -> Enrolment:
    """Say that the family finished the programme."""
    return await _moved(uow, enrolment_id, Verb.COMPLETE, body, actor)


@router.post("/{enrolment_id}/withdraw", response_model=EnrolmentOut)
async def withdraw_enrolment(
    enrolment_id: UUID, body: StepIn, actor: MayWrite, uow: Uow
) -> Enrolment:
    """Leave the programme; the place is free again."""
    return await _moved(uow, enrolment_id, Verb.WITHDRAW, body, actor)


@router.get("", response_model=Page[EnrolmentOut])
async def list_enrolments(
    actor: MayRead,
    uow: Uow,
    page: PageQuery,
    programme_id: UUID | None = None,
    household_id: UUID | None = None,
    state: State | None = None,
) -> object:
    """List enrolments."""
    return await queries.list_(
        uow.session,
        page,
        actor=actor,
        programme_id=programme_id,
        household_id=household_id,
        state=state,
    )


@router.get("/{enrolment_id}")
async def read_enrolment(enrolment_id: UUID, actor: MayRead, uow: Uow) -> EnrolmentWithOthers:
    """Show an enrolment, and what else the family takes part in."""
    return await _shown(uow, await queries.get(uow.session, enrolment_id, actor=actor))


def _proposal(body: EnrolmentIn) -> Proposal:
    return Proposal(
        programme_id=body.programme_id,
        household_id=body.household_id,
        proposed_on=body.proposed_on,
    )


async def _moved(
    uow: UnitOfWork, enrolment_id: UUID, verb: Verb, body: StepIn, actor: Actor
) -> Enrolment:
    step = Step(verb=verb, on=body.on, reason=body.reason)
    return await actions.move_one(uow, enrolment_id, step, actor=actor)


async def _shown(uow: UnitOfWork, enrolment: Enrolment) -> EnrolmentWithOthers:
    live = await queries.live_of(uow.session, [enrolment.household_id])
    others = [
        OtherProgramme(programme_id=each.programme_id, enrolment_id=each.id, state=each.state)
        for each in live[enrolment.household_id]
        if each.id != enrolment.id
    ]
    uow.shown = enrolment.version
    shown = EnrolmentOut.model_validate(enrolment).model_dump()
    return EnrolmentWithOthers.model_validate({**shown, "other_programmes": others})
