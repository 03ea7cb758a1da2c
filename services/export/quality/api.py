"""Quality control: inspections by ISO 2859-1, rework, scrap, and each group's severity."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Response
from pydantic import Field

from contracts.export import DefectClass, DefectFound
from kernel.fields import BusinessDate, Code, Note
from kernel.pagination import Page, PageQuery, Rows
from kernel.web import Body, Uow, View, slice_router
from services.export.production.lifecycle import LotState
from services.export.production.models import Lot
from services.export.production.queries import get_lot
from services.export.quality import actions, queries
from services.export.quality.access import MayApprove, MayRead, MayWrite
from services.export.quality.lifecycle import InspectionState, Severity
from services.export.quality.models import (
    Finding,
    GroupQuality,
    Inspection,
    SetAside,
    pieces_by_maker,
)
from services.export.quality.sampling import Plan

router = slice_router("", tag="quality")

Count = Annotated[int, Field(ge=1, le=1_000_000)]


class InspectionIn(Body):
    """The day of an inspection."""

    inspected_on: BusinessDate
    inspector_note: Note | None = None


class ClassPlanOut(View):
    """For this class look at `sample_size` pieces; accept up to `ac` defectives."""

    sample_size: int
    ac: int
    re: int


class PlanOut(View):
    """The sampling plan (ISO 2859-1, single sampling); draw `sample_size` pieces at random."""

    code_letter: str
    sample_size: int
    critical: ClassPlanOut
    major: ClassPlanOut
    minor: ClassPlanOut

    @classmethod
    def of(cls, plan: Plan) -> "PlanOut":
        """Return the plan as shown."""
        classes = {
            each.value: ClassPlanOut.model_validate(kept) for each, kept in plan.by_class.items()
        }
        return cls(
            code_letter=plan.code_letter,
            sample_size=plan.sample_size,
            critical=classes[DefectClass.CRITICAL],
            major=classes[DefectClass.MAJOR],
            minor=classes[DefectClass.MINOR],
        )


class DefectOut(View):
    """How often one kind of defect was found."""

    code: str
    defect_class: DefectClass
    pieces: int


class SetAsideOut(View):
    """A maker's defective pieces that were taken out."""

    household_id: UUID
    pieces: int
    code: str


class InspectionOut(View):
    """An inspection, its plan and, once known, its result."""

    id: UUID
    version: int
    lot_id: UUID
    number: int
    severity: Severity
    lot_size: int
    plan: PlanOut
    inspected_on: date
    inspector_note: str | None
    state: InspectionState
    verdict: InspectionState | None
    inspected_pieces: int | None
    defects: list[DefectOut]
    set_aside: list[SetAsideOut]

    @classmethod
    def of(cls, inspection: Inspection) -> "InspectionOut":
        """Return the inspection as shown."""
        concluded = inspection.state is not InspectionState.OPEN
        return cls(
            **inspection.model_dump(),
            plan=PlanOut.of(inspection.plan),
            verdict=inspection.state if concluded else None,
        )


class DefectIn(Body):
    """How many pieces of the sample had one kind of defect."""

    code: Code
    defect_class: DefectClass
    pieces: Count


class SetAsideIn(Body):
    """Defective pieces of one maker to take out of the lot."""

    household_id: UUID
    pieces: Count
    code: Code


class ResultIn(Body):
    """What the inspector saw."""

    inspected_pieces: Count
    defects: Annotated[list[DefectIn], Field(default_factory=list, max_length=100)]
    set_aside: Annotated[list[SetAsideIn], Field(default_factory=list, max_length=500)]

    def finding(self) -> Finding:
        """Return the result in the domain's words."""
        return Finding(
            inspected_pieces=self.inspected_pieces,
            defects=tuple(DefectFound(**defect.model_dump()) for defect in self.defects),
            set_aside=tuple(SetAside(**each.model_dump()) for each in self.set_aside),
        )


class RepairedIn(Body):
    """One maker's pieces that were set aside and are good now."""

    household_id: UUID
    pieces: Count


class ReworkIn(Body):
    """How a held lot was sorted and repaired."""

    reworked_on: BusinessDate
    repaired: Annotated[list[RepairedIn], Field(default_factory=list, max_length=500)]
    set_aside: Annotated[list[SetAsideIn], Field(default_factory=list, max_length=500)]


class ScrapIn(Body):
    """Why a held lot is given up."""

    scrapped_on: BusinessDate
    reason: Note


class LotResultOut(View):
    """What became of a lot."""

    id: UUID
    version: int
    lot_number: str
    pieces: int
    set_aside: int
    accepted: int
    rejected: int
    state: LotState


class SeverityOut(View):
    """How strictly a group's lots are inspected; `recent` holds A and R, the latest last."""

    group_id: UUID
    version: int
    severity: Severity
    recent: str
    accepted_in_a_row: int
    rejected_tightened: int


@router.post("/lots/{lot_id}/inspections", status_code=201)
async def start_inspection(
    lot_id: UUID, body: InspectionIn, actor: MayWrite, uow: Uow, response: Response
) -> InspectionOut:
    """Start inspecting a lot, and get the plan to follow."""
    lot = await get_lot(uow.session, lot_id, actor=actor)
    inspection = await actions.start(uow, lot, on=body.inspected_on, note=body.inspector_note)
    response.headers["Location"] = f"/v1/inspections/{inspection.id}"
    uow.shown = inspection.version
    return InspectionOut.of(inspection)


@router.get("/lots/{lot_id}/inspections")
async def list_inspections(
    lot_id: UUID, actor: MayRead, uow: Uow, page: PageQuery
) -> Page[InspectionOut]:
    """List a lot's inspections, first to last."""
    lot = await get_lot(uow.session, lot_id, actor=actor, for_update=False)
    rows: Rows[Inspection] = await queries.list_(uow.session, page, lot_id=lot.id)
    return Page(items=[InspectionOut.of(row) for row in rows.items], next=rows.next)


@router.get("/inspections/{inspection_id}")
async def read_inspection(inspection_id: UUID, actor: MayRead, uow: Uow) -> InspectionOut:
    """Show an inspection."""
    inspection = await queries.get(uow.session, inspection_id, actor=actor, for_update=False)
    uow.shown = inspection.version
    return InspectionOut.of(inspection)


@router.post("/inspections/{inspection_id}/result")
async def record_result(
    inspection_id: UUID, body: ResultIn, actor: MayWrite, uow: Uow
) -> InspectionOut:
    """Record what the inspector saw; the plan decides whether the lot is accepted or held."""
    inspection = await queries.get(uow.session, inspection_id, actor=actor)
    lot = await get_lot(uow.session, inspection.lot_id, actor=actor)
    await actions.conclude(uow, inspection, lot, body.finding())
    await uow.session.flush()
    uow.shown = inspection.version
    return InspectionOut.of(inspection)


@router.post("/lots/{lot_id}/rework", response_model=LotResultOut)
async def rework_lot(lot_id: UUID, body: ReworkIn, actor: MayWrite, uow: Uow) -> Lot:
    """Bring a held lot back, sorted and repaired, for another inspection."""
    lot = await get_lot(uow.session, lot_id, actor=actor)
    repaired: dict[UUID, int] = {}
    for each in body.repaired:
        repaired[each.household_id] = repaired.get(each.household_id, 0) + each.pieces
    sorted_out = pieces_by_maker([SetAside(**each.model_dump()) for each in body.set_aside])
    await actions.rework(uow, lot, repaired=repaired, set_aside=sorted_out)
    return lot


@router.post("/lots/{lot_id}/scrap", response_model=LotResultOut)
async def scrap_lot(lot_id: UUID, body: ScrapIn, actor: MayWrite, uow: Uow) -> Lot:
    """Reject every piece of a held lot, finally."""
    lot = await get_lot(uow.session, lot_id, actor=actor)
    await actions.scrap(uow, lot, on=body.scrapped_on, reason=body.reason)
    return lot


@router.get("/group-severities/{group_id}", response_model=SeverityOut)
async def read_severity(group_id: UUID, actor: MayRead, uow: Uow) -> GroupQuality:
    """Show how strictly a group's lots are inspected, and why."""
    return await queries.get_group(uow.session, group_id, actor=actor, for_update=False)


@router.post("/group-severities/{group_id}/reduce", response_model=SeverityOut)
async def reduce_severity(group_id: UUID, actor: MayApprove, uow: Uow) -> GroupQuality:
    """Inspect a steady group's lots less."""
    group = await queries.get_group(uow.session, group_id, actor=actor)
    group.reduce()
    return group


@router.post("/group-severities/{group_id}/restore", response_model=SeverityOut)
async def restore_severity(group_id: UUID, actor: MayApprove, uow: Uow) -> GroupQuality:
    """Inspect a group's lots normally again."""
    group = await queries.get_group(uow.session, group_id, actor=actor)
    group.restore()
    return group


@router.post("/group-severities/{group_id}/resume", response_model=SeverityOut)
async def resume_inspections(group_id: UUID, actor: MayApprove, uow: Uow) -> GroupQuality:
    """Inspect a group's lots again, tightened, after it improved."""
    group = await queries.get_group(uow.session, group_id, actor=actor)
    group.resume()
    return group
