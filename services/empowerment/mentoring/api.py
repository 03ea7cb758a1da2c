"""Mentoring visits over HTTP."""

from datetime import date
from uuid import UUID

from fastapi import Response

from contracts.export import DefectFound
from kernel.fields import BusinessDate, Note
from kernel.pagination import Page, PageQuery
from kernel.web import Body, Uow, View, slice_router
from services.empowerment.mentoring import actions, queries
from services.empowerment.mentoring.access import MayRead, MayWrite
from services.empowerment.mentoring.lifecycle import State
from services.empowerment.mentoring.models import Visit, VisitKind

router = slice_router("/mentoring-visits", tag="mentoring")


class VisitIn(Body):
    """A visit to plan, to one family or to one group."""

    household_id: UUID | None = None
    group_id: UUID | None = None
    kind: VisitKind
    planned_on: BusinessDate
    facilitator_id: UUID | None = None


class RecordIn(Body):
    """What was found on the visit."""

    visited_on: BusinessDate
    findings: Note
    follow_up_due: BusinessDate | None = None


class CloseIn(Body):
    """What came of the visit."""

    closed_on: BusinessDate
    outcome: Note


class VisitOut(View):
    """A visit; `lot_id` and `defects` where a rejected lot called for it."""

    id: UUID
    version: int
    household_id: UUID | None
    group_id: UUID | None
    desa_code: str
    kind: VisitKind
    planned_on: date
    facilitator_id: UUID | None
    lot_id: UUID | None
    defects: list[DefectFound]
    state: State
    visited_on: date | None
    findings: str | None
    follow_up_due: date | None
    closed_on: date | None
    outcome: str | None


@router.post("", status_code=201, response_model=VisitOut)
async def plan_visit(body: VisitIn, actor: MayWrite, uow: Uow, response: Response) -> Visit:
    """Plan a visit."""
    visit = await actions.plan(uow, **body.model_dump(), actor=actor)
    response.headers["Location"] = f"/v1/mentoring-visits/{visit.id}"
    return visit


@router.get("", response_model=Page[VisitOut])
async def list_visits(
    actor: MayRead,
    uow: Uow,
    page: PageQuery,
    group_id: UUID | None = None,
    household_id: UUID | None = None,
    state: State | None = None,
    kind: VisitKind | None = None,
) -> object:
    """List visits."""
    return await queries.list_(
        uow.session,
        page,
        actor=actor,
        group_id=group_id,
        household_id=household_id,
        state=state,
        kind=kind,
    )


@router.get("/{visit_id}", response_model=VisitOut)
async def read_visit(visit_id: UUID, actor: MayRead, uow: Uow) -> Visit:
    """Show a visit."""
    return await queries.get(uow.session, visit_id, actor=actor)


@router.post("/{visit_id}/record", response_model=VisitOut)
async def record_visit(visit_id: UUID, body: RecordIn, actor: MayWrite, uow: Uow) -> Visit:
    """Write down what was found."""
    visit = await queries.get(uow.session, visit_id, actor=actor, lock=True)
    visit.record(on=body.visited_on, findings=body.findings, follow_up_due=body.follow_up_due)
    return visit


@router.post("/{visit_id}/close", response_model=VisitOut)
async def close_visit(visit_id: UUID, body: CloseIn, actor: MayWrite, uow: Uow) -> Visit:
    """End the visit with what came of it."""
    visit = await queries.get(uow.session, visit_id, actor=actor, lock=True)
    visit.close(on=body.closed_on, outcome=body.outcome)
    return visit
