"""Everything we ask of shipments, containers and cartons."""

from collections.abc import Collection, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kernel.auth import Actor
from kernel.pagination import PageRequest, Rows
from services.export.production.models import Lot
from services.export.production.queries import of_orders_of
from services.export.products.models import Product
from services.export.shipments.lifecycle import ShipmentState
from services.export.shipments.models import (
    SSCC_SERIALS,
    Carton,
    CartonContent,
    Container,
    Content,
    Load,
    Shipment,
)
from services.export.shipments.problems import ContainerNotFound, ShipmentNotFound


async def get(
    session: AsyncSession, shipment_id: UUID, *, actor: Actor, for_update: bool = True
) -> Shipment:
    """Return the shipment, locked until the transaction ends unless it is only shown.

    Raises:
        ShipmentNotFound: there is none that the actor may see.
    """
    query = select(Shipment).where(
        Shipment.id == shipment_id, of_orders_of(actor, col(Shipment.order_id))
    )
    if for_update:
        query = query.with_for_update(key_share=True)
    found = (await session.exec(query)).one_or_none()
    if found is None:
        raise ShipmentNotFound(shipment_id=str(shipment_id))
    return found


async def list_(
    session: AsyncSession,
    page: PageRequest,
    *,
    actor: Actor,
    order_id: UUID | None,
    state: ShipmentState | None,
) -> Rows[Shipment]:
    """Return shipments, oldest first."""
    query = select(Shipment).where(of_orders_of(actor, col(Shipment.order_id)))
    if order_id is not None:
        query = query.where(Shipment.order_id == order_id)
    if state is not None:
        query = query.where(Shipment.state == state)
    return await page.rows(session, query, Shipment)


async def get_container(session: AsyncSession, shipment_id: UUID, number: str) -> Container:
    """Return a shipment's container; the shipment's lock guards it.

    Raises:
        ContainerNotFound: the shipment has none with this number.
    """
    query = select(Container).where(
        Container.shipment_id == shipment_id, Container.number == number
    )
    found = (await session.exec(query)).one_or_none()
    if found is None:
        raise ContainerNotFound(number=number)
    return found


async def content_of(session: AsyncSession, shipment_id: UUID) -> Content:
    """Return how much is packed, and how much of it each container holds."""
    containers = (
        await session.exec(
            select(Container)
            .where(Container.shipment_id == shipment_id)
            .order_by(col(Container.number))
        )
    ).all()
    packed = select(Carton.container_id, sa.func.count(), sa.func.sum(col(Carton.pieces)))
    packed = packed.where(Carton.shipment_id == shipment_id).group_by(col(Carton.container_id))
    held = {container_id: (n, int(p)) for container_id, n, p in await session.exec(packed)}
    waiting, _ = held.get(None, (0, 0))
    cartons = sum(n for n, _ in held.values())
    return Content(
        loads=[Load(each, *held.get(each.id, (0, 0))) for each in containers],
        cartons=cartons,
        loaded_cartons=cartons - waiting,
        pieces=sum(p for _, p in held.values()),
    )


async def cartons_numbered(
    session: AsyncSession, shipment_id: UUID, numbers: Collection[str]
) -> Sequence[Carton]:
    """Return the shipment's cartons with these numbers; the shipment's lock guards them."""
    query = select(Carton).where(Carton.shipment_id == shipment_id, col(Carton.number).in_(numbers))
    return (await session.exec(query)).all()


async def list_cartons(
    session: AsyncSession, page: PageRequest, *, shipment_id: UUID
) -> Rows[Carton]:
    """Return a shipment's cartons, in the order of packing."""
    return await page.rows(session, select(Carton).where(Carton.shipment_id == shipment_id), Carton)


async def load(session: AsyncSession, container: Container, cartons: Sequence[Carton]) -> None:
    """Write the container on the cartons, in one statement."""
    statement = (
        sa.update(Carton)
        .where(col(Carton.id).in_([carton.id for carton in cartons]))
        .values(container_id=container.id, version=col(Carton.version) + 1)
        .execution_options(synchronize_session=False)
    )
    await session.exec(statement)


async def next_serials(session: AsyncSession, count: int) -> Sequence[int]:
    """Return serial numbers that no carton has."""
    query = select(SSCC_SERIALS.next_value()).select_from(sa.func.generate_series(1, count))
    return (await session.exec(query)).all()


PackedRow = tuple[Carton, CartonContent, Lot, Product]


async def packing_list(session: AsyncSession, shipment_id: UUID) -> Sequence[PackedRow]:
    """Return every content of every carton, in the order of packing."""
    query = (
        select(Carton, CartonContent, Lot, Product)
        .join(CartonContent, col(CartonContent.carton_id) == col(Carton.id))
        .join(Lot, col(Lot.id) == col(CartonContent.lot_id))
        .join(Product, col(Product.id) == col(Lot.product_id))
        .where(Carton.shipment_id == shipment_id)
        .order_by(col(Carton.id), col(Lot.id))
    )
    return (await session.exec(query)).all()
