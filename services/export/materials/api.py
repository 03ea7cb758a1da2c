"""Raw material: received, issued to groups, returned, wasted, and where it all is."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import Field

from kernel.auth import Actor
from kernel.db import UnitOfWork
from kernel.fields import BusinessDate, Code, DesaCode, Name, Note
from kernel.pagination import Page, PageQuery, Rows
from kernel.web import Body, Uow, View, slice_router
from services.export.materials import actions, queries
from services.export.materials.access import MayRead, MayWrite
from services.export.materials.models import MaterialLot, MaterialMovement, MovementKind
from services.export.materials.problems import BalanceOfWhat, MaterialNotInProduct
from services.export.production.queries import get_work_order
from services.export.products import queries as products

GRAMS_A_KILOGRAM = 1000

router = slice_router("", tag="materials")

Kilograms = Annotated[
    Decimal, Field(gt=0, le=1_000_000, max_digits=10, decimal_places=3, allow_inf_nan=False)
]


class MaterialLotIn(Body):
    """Material received from a village; `match_id` names the village match that it fulfils."""

    reference: Code
    material: Name
    source_desa_code: DesaCode
    kilograms: Kilograms
    received_on: BusinessDate
    match_id: UUID | None = None


class MaterialLotOut(View):
    """A material lot, and how much of it is still in the store, in grams."""

    id: UUID
    version: int
    reference: str
    material: str
    source_desa_code: str
    match_id: UUID | None
    received_on: date
    received_grams: int
    in_store_grams: int


class MovedIn(Body):
    """Material of one lot that moves for one work order."""

    reference: Code
    material_lot_id: UUID
    work_order_id: UUID
    kilograms: Kilograms


class IssueIn(MovedIn):
    """Material handed to a group."""

    issued_on: BusinessDate


class ReturnIn(MovedIn):
    """Material that a group brings back."""

    returned_on: BusinessDate


class WasteIn(MovedIn):
    """Material that was lost or spoilt at a group."""

    wasted_on: BusinessDate
    reason: Note


class MovementOut(View):
    """One paper of a movement, in grams."""

    id: UUID
    version: int
    kind: MovementKind
    reference: str
    material_lot_id: UUID
    work_order_id: UUID
    grams: int
    moved_on: date
    reason: str | None


class BalanceOut(View):
    """What became of a material, in grams: issued is the sum of the others but `not_issued`.

    `not_issued` is what the pieces contain beyond any issue: the family's own material, or an
    issue whose paper is missing.
    """

    material: str
    issued: int
    consumed_accepted: int
    consumed_rejected: int
    returned: int
    wasted: int
    on_hand: int
    not_issued: int


class BalancesOut(View):
    """The balance of each material."""

    items: list[BalanceOut]


@router.post("/material-lots", response_model=MaterialLotOut, status_code=201)
async def receive_material(
    body: MaterialLotIn, actor: MayWrite, uow: Uow, response: Response
) -> MaterialLot:
    """Take raw material into the store."""
    grams = _grams(body.kilograms)
    lot = MaterialLot(
        **body.model_dump(exclude={"kilograms"}),
        organisation=actor.organisation,
        received_grams=grams,
        in_store_grams=grams,
    )
    await actions.receive(uow, lot)
    response.headers["Location"] = f"/v1/material-lots/{lot.id}"
    return lot


@router.get("/material-lots", response_model=Page[MaterialLotOut])
async def list_material_lots(
    actor: MayRead,
    uow: Uow,
    page: PageQuery,
    material: Annotated[str | None, Query(max_length=200)] = None,
) -> Rows[MaterialLot]:
    """List material lots."""
    return await queries.list_lots(uow.session, page, actor=actor, material=material)


@router.get("/material-lots/{material_lot_id}", response_model=MaterialLotOut)
async def read_material_lot(material_lot_id: UUID, actor: MayRead, uow: Uow) -> MaterialLot:
    """Show a material lot."""
    return await queries.get_lot(uow.session, material_lot_id, actor=actor, for_update=False)


@router.post("/material-issues", response_model=MovementOut, status_code=201)
async def issue_material(body: IssueIn, actor: MayWrite, uow: Uow) -> MaterialMovement:
    """Hand material out to a work order's group."""
    return await _move(uow, actor, body, kind=MovementKind.ISSUE, on=body.issued_on)


@router.post("/material-returns", response_model=MovementOut, status_code=201)
async def return_material(body: ReturnIn, actor: MayWrite, uow: Uow) -> MaterialMovement:
    """Take back what a group did not use."""
    return await _move(uow, actor, body, kind=MovementKind.RETURN, on=body.returned_on)


@router.post("/material-waste", response_model=MovementOut, status_code=201)
async def write_material_off(body: WasteIn, actor: MayWrite, uow: Uow) -> MaterialMovement:
    """Write off what was lost or spoilt at a group."""
    return await _move(
        uow, actor, body, kind=MovementKind.WASTE, on=body.wasted_on, reason=body.reason
    )


@router.get("/material-balances", response_model=BalancesOut)
async def read_balances(
    actor: MayRead, uow: Uow, work_order_id: UUID | None = None, order_id: UUID | None = None
) -> BalancesOut:
    """Account for each material of a work order, or of a whole order, to the gram."""
    if (work_order_id is None) == (order_id is None):
        raise BalanceOfWhat
    found = await queries.balances(
        uow.session, actor=actor, work_order_id=work_order_id, order_id=order_id
    )
    return BalancesOut(items=[BalanceOut.model_validate(balance) for balance in found])


def _grams(kilograms: Decimal) -> int:
    return int(kilograms * GRAMS_A_KILOGRAM)


async def _move(
    uow: UnitOfWork,
    actor: Actor,
    body: MovedIn,
    *,
    kind: MovementKind,
    on: date,
    reason: str | None = None,
) -> MaterialMovement:
    lot = await queries.get_lot(uow.session, body.material_lot_id, actor=actor)
    work_order = await get_work_order(
        uow.session, body.work_order_id, actor=actor, for_update=False
    )
    product = await products.get(uow.session, work_order.product_id)
    if lot.material not in {each.material for each in product.materials}:
        raise MaterialNotInProduct(material=lot.material)
    paper = MaterialMovement(
        **body.model_dump(include={"reference", "material_lot_id", "work_order_id"}),
        kind=kind,
        grams=_grams(body.kilograms),
        moved_on=on,
        reason=reason,
    )
    await actions.move(uow, paper, work_order=work_order, material_lot=lot)
    return paper
