"""Everything we ask to follow goods from fibre to container and back."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kernel.auth import Actor
from services.export.materials.models import MaterialLot, MaterialUse
from services.export.production.models import Lot, LotMaker
from services.export.production.queries import of_orders_of, seen_by
from services.export.shipments.models import Carton, CartonContent, Container, Shipment
from services.export.traceability.problems import CartonNotFound


async def get_carton(
    session: AsyncSession, sscc: str, *, actor: Actor
) -> tuple[Carton, Shipment, Container | None]:
    """Return a carton with its shipment and container.

    Raises:
        CartonNotFound: there is none that the actor may see.
    """
    query = (
        select(Carton, Shipment, Container)
        .join(Shipment, col(Shipment.id) == col(Carton.shipment_id))
        .join(Container, col(Container.id) == col(Carton.container_id), isouter=True)
        .where(Carton.sscc == sscc, of_orders_of(actor, col(Shipment.order_id)))
    )
    found = (await session.exec(query)).one_or_none()
    if found is None:
        raise CartonNotFound(sscc=sscc)
    return found


async def lots_in(session: AsyncSession, carton_id: UUID) -> Sequence[tuple[Lot, CartonContent]]:
    """Return the lots that a carton's pieces are from."""
    query = (
        select(Lot, CartonContent)
        .join(CartonContent, col(CartonContent.lot_id) == col(Lot.id))
        .where(CartonContent.carton_id == carton_id)
        .order_by(col(Lot.id))
    )
    return (await session.exec(query)).all()


async def cartons_with(
    session: AsyncSession, lot_ids: Collection[UUID]
) -> Sequence[tuple[CartonContent, Carton, Shipment, Container | None]]:
    """Return the cartons that the lots' pieces are in, with where each carton went."""
    query = (
        select(CartonContent, Carton, Shipment, Container)
        .join(Carton, col(Carton.id) == col(CartonContent.carton_id))
        .join(Shipment, col(Shipment.id) == col(Carton.shipment_id))
        .join(Container, col(Container.id) == col(Carton.container_id), isouter=True)
        .where(col(CartonContent.lot_id).in_(lot_ids))
        .order_by(col(Carton.id))
    )
    return (await session.exec(query)).all()


async def makers_of(session: AsyncSession, lot_ids: Collection[UUID]) -> Sequence[LotMaker]:
    """Return who made the lots."""
    query = (
        select(LotMaker)
        .where(col(LotMaker.lot_id).in_(lot_ids))
        .order_by(col(LotMaker.lot_id), col(LotMaker.household_id))
    )
    return (await session.exec(query)).all()


async def materials_in(
    session: AsyncSession, lot_ids: Collection[UUID]
) -> Sequence[tuple[MaterialUse, MaterialLot]]:
    """Return the material lots that went into the lots, with the grams."""
    query = (
        select(MaterialUse, MaterialLot)
        .join(MaterialLot, col(MaterialLot.id) == col(MaterialUse.material_lot_id))
        .where(col(MaterialUse.lot_id).in_(lot_ids))
        .order_by(col(MaterialUse.lot_id), col(MaterialLot.id))
    )
    return (await session.exec(query)).all()


async def lots_made_of(
    session: AsyncSession, material_lot_id: UUID, *, actor: Actor
) -> Sequence[tuple[Lot, MaterialUse]]:
    """Return the lots that a material lot went into, with the grams."""
    query = (
        select(Lot, MaterialUse)
        .join(MaterialUse, col(MaterialUse.lot_id) == col(Lot.id))
        .where(MaterialUse.material_lot_id == material_lot_id)
        .where(seen_by(actor))
        .order_by(col(Lot.id))
    )
    return (await session.exec(query)).all()
