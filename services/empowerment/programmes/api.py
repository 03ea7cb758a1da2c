"""Programmes over HTTP."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Response
from pydantic import Field

from kernel.fields import BusinessDate, Code, Name
from kernel.pagination import Page, PageQuery
from kernel.web import Body, Uow, View, slice_router
from services.empowerment.programmes import actions, queries
from services.empowerment.programmes.access import MayRead, MayWrite
from services.empowerment.programmes.eligibility import Rule
from services.empowerment.programmes.lifecycle import State
from services.empowerment.programmes.models import Programme, Scheme

router = slice_router("/programmes", tag="programmes")


class ProgrammeIn(Body):
    """A programme to draft; `eligibility` holds the rules that a family must pass."""

    code: Code
    name: Name
    owner_agency_code: Code
    scheme: Scheme
    eligibility: list[Rule] = Field(default_factory=list, max_length=20)
    quota: Annotated[int, Field(ge=1, le=10_000_000)]
    starts_on: BusinessDate
    ends_on: BusinessDate


class ProgrammeOut(View):
    """A programme, and how many of its places are taken."""

    id: UUID
    version: int
    code: str
    name: str
    owner_agency_code: str
    scheme: Scheme
    eligibility: list[Rule]
    quota: int
    places_taken: int
    starts_on: date
    ends_on: date
    state: State


@router.post("", status_code=201, response_model=ProgrammeOut)
async def draft_programme(
    body: ProgrammeIn, actor: MayWrite, uow: Uow, response: Response
) -> Programme:
    """Draft a programme of an agency that exists on its first day."""
    programme = Programme(**body.model_dump(mode="python", exclude={"eligibility"}), eligibility=[])
    programme.eligibility = [rule.model_dump(mode="json") for rule in body.eligibility]
    await actions.draft(uow, programme)
    response.headers["Location"] = f"/v1/programmes/{programme.id}"
    return programme


@router.get("", response_model=Page[ProgrammeOut])
async def list_programmes(
    actor: MayRead,
    uow: Uow,
    page: PageQuery,
    state: State | None = None,
    code: Code | None = None,
) -> object:
    """List programmes."""
    return await queries.list_(uow.session, page, state=state, code=code)


@router.get("/{programme_id}", response_model=ProgrammeOut)
async def read_programme(programme_id: UUID, actor: MayRead, uow: Uow) -> Programme:
    """Show a programme."""
    return await queries.get(uow.session, programme_id)


@router.post("/{programme_id}/open", response_model=ProgrammeOut)
async def open_programme(programme_id: UUID, actor: MayWrite, uow: Uow) -> Programme:
    """Begin to take families."""
    programme = await queries.get(uow.session, programme_id, lock=True)
    programme.open()
    return programme


@router.post("/{programme_id}/close", response_model=ProgrammeOut)
async def close_programme(programme_id: UUID, actor: MayWrite, uow: Uow) -> Programme:
    """Take no more families; those inside go on."""
    programme = await queries.get(uow.session, programme_id, lock=True)
    programme.close()
    return programme
