"""Agencies and agreements over HTTP."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import Field

from kernel import clock
from kernel.fields import BusinessDate, Code, Name
from kernel.pagination import Page, PageQuery
from kernel.web import Body, Uow, View, slice_router
from services.empowerment.agencies import actions, queries
from services.empowerment.agencies.access import MayRead, MayWrite
from services.empowerment.agencies.models import (
    Agency,
    AgencyKind,
    Agreement,
    FieldOfCooperation,
    Metric,
    Per,
)

router = slice_router("", tag="agencies")


class AgencyIn(Body):
    """An agency to record."""

    code: Code
    name: Name
    kind: AgencyKind
    valid_from: BusinessDate


class SuccessorIn(Body):
    """An agency that takes over."""

    code: Code
    name: Name


class SuccessionIn(Body):
    """Who takes over, from which day on."""

    successors: Annotated[list[SuccessorIn], Field(min_length=1, max_length=10)]
    on: BusinessDate


class AgencyOut(View):
    """An agency; `successors` are the codes of those that took over."""

    id: UUID
    version: int
    code: str
    name: str
    kind: AgencyKind
    valid_from: date
    valid_until: date | None
    successors: list[str] = Field(default_factory=list)


class TargetIn(Body):
    """A number of families that the parties promise."""

    metric: Metric
    value: Annotated[int, Field(ge=1, le=100_000_000)]
    per: Per


class AgreementIn(Body):
    """An agreement to record; `parties` are agency codes."""

    number: Annotated[str, Field(min_length=1, max_length=100)]
    title: Name
    parties: Annotated[list[Code], Field(min_length=2, max_length=20)]
    fields: Annotated[list[FieldOfCooperation], Field(min_length=1, max_length=6)]
    signed_on: BusinessDate
    targets: list[TargetIn] = Field(default_factory=list, max_length=10)


class ProgressOut(View):
    """A target, and the families reached so far (`per` year: this year)."""

    metric: Metric
    per: Per
    value: int
    reached: int


class AgreementOut(View):
    """An agreement."""

    id: UUID
    version: int
    number: str
    title: str
    parties: list[str]
    fields: list[FieldOfCooperation]
    signed_on: date


class AgreementWithProgress(AgreementOut):
    """An agreement, and how far its targets have come."""

    progress: list[ProgressOut]


@router.post("/agencies", status_code=201, response_model=AgencyOut)
async def record_agency(body: AgencyIn, actor: MayWrite, uow: Uow, response: Response) -> Agency:
    """Record a ministry, partner or lender."""
    agency = await actions.record(uow, Agency(**body.model_dump()))
    response.headers["Location"] = f"/v1/agencies/{agency.id}"
    return agency


@router.post("/agencies/{agency_id}/succeed")
async def succeed_agency(
    agency_id: UUID, body: SuccessionIn, actor: MayWrite, uow: Uow
) -> AgencyOut:
    """Let one or several agencies take over; the old one keeps its days."""
    agency = await queries.get(uow.session, agency_id, lock=True)
    agency.succeed(on=body.on)
    for successor in body.successors:
        await actions.take_over(uow, agency, code=successor.code, name=successor.name, on=body.on)
    await uow.session.flush()
    uow.shown = agency.version
    return await _shown(uow, agency)


@router.get("/agencies")
async def list_agencies(
    actor: MayRead,
    uow: Uow,
    page: PageQuery,
    on: Annotated[BusinessDate | None, Query(description="Those that existed on this day.")] = None,
    code: Code | None = None,
) -> Page[AgencyOut]:
    """List agencies."""
    rows = await queries.list_(uow.session, page, on=on, code=code)
    successors = await queries.successors(uow.session, [agency.id for agency in rows.items])
    items = [_out(agency, successors[agency.id]) for agency in rows.items]
    return Page(items=items, next=rows.next)


@router.get("/agencies/{agency_id}")
async def read_agency(agency_id: UUID, actor: MayRead, uow: Uow) -> AgencyOut:
    """Show an agency."""
    agency = await queries.get(uow.session, agency_id)
    uow.shown = agency.version
    return await _shown(uow, agency)


@router.post("/agreements", status_code=201, response_model=AgreementOut)
async def record_agreement(
    body: AgreementIn, actor: MayWrite, uow: Uow, response: Response
) -> Agreement:
    """Record an agreement between agencies, with its targets."""
    agreement = Agreement(**body.model_dump(exclude={"targets"}))
    await actions.record_agreement(uow, agreement)
    actions.promise(uow, agreement, [(t.metric, t.per, t.value) for t in body.targets])
    response.headers["Location"] = f"/v1/agreements/{agreement.id}"
    return agreement


@router.get("/agreements", response_model=Page[AgreementOut])
async def list_agreements(
    actor: MayRead,
    uow: Uow,
    page: PageQuery,
    number: Annotated[str | None, Query(max_length=100)] = None,
) -> object:
    """List agreements."""
    return await queries.list_agreements(uow.session, page, number=number)


@router.get("/agreements/{agreement_id}")
async def read_agreement(agreement_id: UUID, actor: MayRead, uow: Uow) -> AgreementWithProgress:
    """Show an agreement and how far its targets have come, by what events told."""
    agreement = await queries.get_agreement(uow.session, agreement_id)
    progress = await queries.progress(uow.session, agreement, year=clock.today().year)
    shown = AgreementOut.model_validate(agreement).model_dump()
    return AgreementWithProgress.model_validate({**shown, "progress": progress})


async def _shown(uow: Uow, agency: Agency) -> AgencyOut:
    successors = await queries.successors(uow.session, [agency.id])
    return _out(agency, successors[agency.id])


def _out(agency: Agency, successors: list[str]) -> AgencyOut:
    shown = AgencyOut.model_validate(agency)
    return shown.model_copy(update={"successors": successors})
