"""Pendamping over HTTP: their record and areas, their caseload, transfers between them."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from contracts.registry import HouseholdStatus
from kernel.fields import BusinessDate, Code, Name, RegionCode
from kernel.ids import new_id
from kernel.pagination import Page, PageQuery
from kernel.web import Body, Uow, View, slice_router
from services.registry.facilitators import actions, queries
from services.registry.facilitators.access import MayRead, MayWrite
from services.registry.facilitators.models import DEFAULT_TARGET, Facilitator, FacilitatorArea
from services.registry.facilitators.problems import OutsideYourArea, SameFacilitator
from services.registry.households import queries as households
from services.registry.households.models import Household
from services.registry.households.problems import OutsideYourRegion
from services.registry.regions import queries as regions
from services.registry.vault import Keys, Vault

router = slice_router("/facilitators", tag="facilitators")
ROUTERS: tuple[APIRouter, ...] = (router,)

HouseholdIds = Annotated[list[UUID], Field(min_length=1, max_length=500)]


class FacilitatorIn(Body):
    """A pendamping; `area_code` is the region of the office and the first area of work.

    `yearly_target`: graduations a year, where they are this person's own.
    """

    employee_number: Code
    name: Name
    area_code: RegionCode
    yearly_target: Annotated[int, Field(ge=0, le=1000)] | None = None


class FacilitatorOut(View):
    """A pendamping, named as an official in duty is."""

    id: UUID
    version: int
    employee_number: str
    name: str
    area_code: str
    yearly_target: int


class AreaIn(Body):
    """A further region of work, from a day on."""

    area_code: RegionCode
    valid_from: BusinessDate


class AreaEndIn(Body):
    """The first day on which the pendamping does not work there."""

    on: BusinessDate


class AreaOut(View):
    """A region of work; `valid_until` is the first day without."""

    id: UUID
    area_code: str
    valid_from: date
    valid_until: date | None


class AreasOut(View):
    """Where a pendamping works and worked."""

    items: list[AreaOut]


class CaseloadIn(Body):
    """Families to be entrusted to a pendamping."""

    household_ids: HouseholdIds
    assigned_on: BusinessDate


class CaseloadOut(View):
    """How many families came in, and how many were in the caseload already."""

    assigned: int
    unchanged: int


class TransferIn(Body):
    """Families that move to another pendamping's caseload."""

    household_ids: HouseholdIds
    to_facilitator_id: UUID
    on: BusinessDate


class TransferOut(View):
    """How many families moved."""

    transferred: int


class EntrustedOut(View):
    """A family in a caseload."""

    household_id: UUID
    status: HouseholdStatus
    assigned_on: date


@router.post("", status_code=201)
async def record_facilitator(
    body: FacilitatorIn, actor: MayWrite, uow: Uow, vault: Keys, response: Response
) -> FacilitatorOut:
    """Record a pendamping."""
    await regions.get(uow.session, body.area_code)
    if not actor.sees_region(body.area_code):
        raise OutsideYourRegion(desa_code=body.area_code)
    await queries.require_new(uow.session, body.employee_number)
    facilitator_id = new_id()
    name = vault.seal(body.name, place="facilitators.name", row_id=facilitator_id)
    facilitator = Facilitator(id=facilitator_id, **{**body.model_dump(), "name": name})
    uow.add(facilitator)
    await uow.flush()
    uow.add(FacilitatorArea(facilitator_id=facilitator_id, area_code=body.area_code))
    response.headers["Location"] = f"/v1/facilitators/{facilitator_id}"
    uow.shown = facilitator.version
    return shown(facilitator, vault=vault)


@router.get("/{facilitator_id}")
async def show_facilitator(
    facilitator_id: UUID, actor: MayRead, uow: Uow, vault: Keys
) -> FacilitatorOut:
    """Show one pendamping."""
    facilitator = await queries.get(uow.session, facilitator_id, seen_by=actor)
    uow.shown = facilitator.version
    return shown(facilitator, vault=vault)


@router.get("")
async def list_facilitators(
    actor: MayRead,
    uow: Uow,
    page: PageQuery,
    vault: Keys,
    area: RegionCode | None = None,
    employee_number: Code | None = None,
) -> Page[FacilitatorOut]:
    """List the pendamping of the caller's area."""
    rows = await queries.list_(
        uow.session, page, area=area, employee_number=employee_number, seen_by=actor
    )
    return Page(items=[shown(row, vault=vault) for row in rows.items], next=rows.next)


@router.post("/{facilitator_id}/areas", status_code=201, response_model=AreaOut)
async def add_area(
    facilitator_id: UUID, body: AreaIn, actor: MayWrite, uow: Uow
) -> FacilitatorArea:
    """Let a pendamping work in a further region."""
    await regions.get(uow.session, body.area_code)
    if not actor.sees_region(body.area_code):
        raise OutsideYourArea(region_code=body.area_code)
    facilitator = await queries.get(uow.session, facilitator_id, seen_by=actor, for_change=True)
    return await actions.add_area(uow, facilitator, body.area_code, since=body.valid_from)


@router.get("/{facilitator_id}/areas", response_model=AreasOut)
async def list_areas(facilitator_id: UUID, actor: MayRead, uow: Uow) -> AreasOut:
    """List where a pendamping works and worked."""
    await queries.get(uow.session, facilitator_id, seen_by=actor)
    areas = (await queries.areas_of(uow.session, [facilitator_id]))[facilitator_id]
    return AreasOut(items=[AreaOut.model_validate(area) for area in areas])


@router.post("/{facilitator_id}/areas/{area_id}/end", response_model=AreaOut)
async def end_area(
    facilitator_id: UUID, area_id: UUID, body: AreaEndIn, actor: MayWrite, uow: Uow
) -> FacilitatorArea:
    """End the work in a region; its families stay until a transfer or a proposal moves them."""
    await queries.get(uow.session, facilitator_id, seen_by=actor, for_change=True)
    area = await queries.get_area(uow.session, area_id, facilitator_id=facilitator_id)
    area.end(on=body.on)
    return area


@router.post("/{facilitator_id}/caseload")
async def assign_families(
    facilitator_id: UUID, body: CaseloadIn, actor: MayWrite, uow: Uow
) -> CaseloadOut:
    """Entrust families to a pendamping: all of them, or none."""
    facilitator = await queries.get(uow.session, facilitator_id, seen_by=actor, for_change=True)
    families = await _families(body.household_ids, actor, uow)
    assigned = await actions.assign(uow, facilitator, families, on=body.assigned_on)
    return CaseloadOut(assigned=assigned, unchanged=len(families) - assigned)


@router.post("/{facilitator_id}/transfers")
async def transfer_families(
    facilitator_id: UUID, body: TransferIn, actor: MayWrite, uow: Uow
) -> TransferOut:
    """Move families to another pendamping: all of them, or none; the history is kept."""
    if body.to_facilitator_id == facilitator_id:
        raise SameFacilitator
    giver = await queries.get(uow.session, facilitator_id, seen_by=actor)
    taker = await queries.get(uow.session, body.to_facilitator_id, seen_by=actor)
    families = await _families(body.household_ids, actor, uow)
    await actions.transfer(uow, giver=giver, taker=taker, families=families, on=body.on)
    return TransferOut(transferred=len(families))


@router.get("/{facilitator_id}/caseload")
async def list_caseload(
    facilitator_id: UUID, actor: MayRead, uow: Uow, page: PageQuery
) -> Page[EntrustedOut]:
    """List the families entrusted to a pendamping, and where they stand."""
    await queries.get(uow.session, facilitator_id, seen_by=actor)
    rows = await queries.caseload(uow.session, page, facilitator_id=facilitator_id, seen_by=actor)
    statuses = await queries.statuses_of(uow.session, [row.household_id for row in rows.items])
    items = [
        EntrustedOut(
            household_id=row.household_id,
            status=statuses[row.household_id],
            assigned_on=row.assigned_on,
        )
        for row in rows.items
    ]
    return Page(items=items, next=rows.next)


async def _families(ids: list[UUID], actor: MayWrite, uow: Uow) -> dict[UUID, Household]:
    places = {key: f"/household_ids/{index}" for index, key in enumerate(ids)}
    found = await households.get_all(uow.session, places, seen_by=actor)
    return {key: found[key] for key in places}


def shown(facilitator: Facilitator, *, vault: Vault) -> FacilitatorOut:
    """Return a pendamping with the name opened."""
    name = vault.open(facilitator.name, place="facilitators.name", row_id=facilitator.id)
    target = facilitator.yearly_target
    return FacilitatorOut(
        **facilitator.model_dump(exclude={"name", "yearly_target"}),
        name=name,
        yearly_target=DEFAULT_TARGET if target is None else target,
    )
