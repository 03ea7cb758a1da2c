"""From a lot, a carton or a bale of fibre to everything it came from and went into."""

from collections.abc import Collection, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Path
from sqlmodel.ext.asyncio.session import AsyncSession

from kernel.web import Uow, View, slice_router
from services.export.materials.models import MaterialLot, MaterialUse
from services.export.materials.queries import get_lot as get_material_lot
from services.export.production.lifecycle import LotState
from services.export.production.models import Lot, LotMaker
from services.export.production.queries import get_lot
from services.export.shipments.models import Carton, Container, Shipment
from services.export.traceability import queries
from services.export.traceability.access import MayRead

router = slice_router("", tag="traceability")

Sscc = Annotated[str, Path(pattern=r"^\d{18}$", examples=["004000010000000017"])]


class MakerTraced(View):
    """A family that made pieces of a lot."""

    household_id: UUID
    pieces: int
    accepted: int
    rejected: int


class MaterialTraced(View):
    """A material lot that went into a lot, and how much of it, in grams."""

    material_lot_id: UUID
    reference: str
    material: str
    source_desa_code: str
    grams: int


class CartonTraced(View):
    """Where pieces went: carton, container and seal."""

    sscc: str
    carton_number: str
    pieces: int
    shipment_id: UUID
    shipment_reference: str
    container_number: str | None
    seal_number: str | None


class LotTraced(View):
    """Where pieces came from: the group, its makers, and the material."""

    lot_id: UUID
    lot_number: str
    order_id: UUID
    work_order_id: UUID
    group_id: UUID
    pieces: int
    state: LotState
    makers: list[MakerTraced]
    materials: list[MaterialTraced]


class LotTraceOut(LotTraced):
    """A lot, traced both ways."""

    cartons: list[CartonTraced]


class CartonTraceOut(CartonTraced):
    """A carton, traced back."""

    lots: list[LotTraced]


class LotOfMaterial(View):
    """A lot that a material lot went into, in grams."""

    lot_id: UUID
    lot_number: str
    group_id: UUID
    grams: int


class MaterialTraceOut(View):
    """A material lot, traced forward."""

    material_lot_id: UUID
    reference: str
    material: str
    source_desa_code: str
    lots: list[LotOfMaterial]
    cartons: list[CartonTraced]


@router.get("/lots/{lot_id}/trace")
async def trace_lot(lot_id: UUID, actor: MayRead, uow: Uow) -> LotTraceOut:
    """Follow a lot back to makers and material, and forward to cartons and containers."""
    lot = await get_lot(uow.session, lot_id, actor=actor, for_update=False)
    (origin,) = await _origins(uow.session, [lot])
    return LotTraceOut(**origin.model_dump(), cartons=await _cartons(uow.session, [lot.id]))


@router.get("/cartons/{sscc}/trace")
async def trace_carton(sscc: Sscc, actor: MayRead, uow: Uow) -> CartonTraceOut:
    """Follow a carton back to the lots, makers and material in it."""
    carton, shipment, container = await queries.get_carton(uow.session, sscc, actor=actor)
    lots = [lot for lot, _ in await queries.lots_in(uow.session, carton.id)]
    place = _place(carton, shipment, container, pieces=carton.pieces)
    return CartonTraceOut(**place.model_dump(), lots=await _origins(uow.session, lots))


@router.get("/material-lots/{material_lot_id}/trace")
async def trace_material(material_lot_id: UUID, actor: MayRead, uow: Uow) -> MaterialTraceOut:
    """Follow a material lot forward to the lots, cartons and containers it went into."""
    material = await get_material_lot(uow.session, material_lot_id, actor=actor, for_update=False)
    made = await queries.lots_made_of(uow.session, material.id, actor=actor)
    return MaterialTraceOut(
        material_lot_id=material.id,
        reference=material.reference,
        material=material.material,
        source_desa_code=material.source_desa_code,
        lots=[
            LotOfMaterial(
                lot_id=lot.id,
                lot_number=lot.lot_number,
                group_id=lot.group_id,
                grams=_grams(use),
            )
            for lot, use in made
        ],
        cartons=await _cartons(uow.session, [lot.id for lot, _ in made]),
    )


async def _origins(session: AsyncSession, lots: Sequence[Lot]) -> list[LotTraced]:
    ids = [lot.id for lot in lots]
    makers = await queries.makers_of(session, ids)
    materials = await queries.materials_in(session, ids)
    return [_origin(lot, makers, materials) for lot in lots]


def _origin(
    lot: Lot, makers: Sequence[LotMaker], materials: Sequence[tuple[MaterialUse, MaterialLot]]
) -> LotTraced:
    return LotTraced(
        lot_id=lot.id,
        makers=[MakerTraced.model_validate(each) for each in makers if each.lot_id == lot.id],
        materials=[_material(use, each) for use, each in materials if use.lot_id == lot.id],
        **lot.model_dump(
            include={"lot_number", "order_id", "work_order_id", "group_id", "pieces", "state"}
        ),
    )


def _material(use: MaterialUse, material: MaterialLot) -> MaterialTraced:
    return MaterialTraced(
        material_lot_id=material.id,
        reference=material.reference,
        material=material.material,
        source_desa_code=material.source_desa_code,
        grams=_grams(use),
    )


def _grams(use: MaterialUse) -> int:
    return use.accepted_grams + use.rejected_grams


async def _cartons(session: AsyncSession, lot_ids: Collection[UUID]) -> list[CartonTraced]:
    return [
        _place(carton, shipment, container, pieces=content.pieces)
        for content, carton, shipment, container in await queries.cartons_with(session, lot_ids)
    ]


def _place(
    carton: Carton, shipment: Shipment, container: Container | None, *, pieces: int
) -> CartonTraced:
    return CartonTraced(
        sscc=carton.sscc,
        carton_number=carton.number,
        pieces=pieces,
        shipment_id=shipment.id,
        shipment_reference=shipment.reference,
        container_number=container.number if container else None,
        seal_number=container.seal_number if container else None,
    )
