"""The export service's figures, counted from the orders, lots, shipments and slips themselves."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kernel.auth import Actor
from services.export.capacity.models import CapacityGroup
from services.export.earnings.lifecycle import PayoutState
from services.export.earnings.models import PayoutBatch, Slip
from services.export.orders.lifecycle import OrderState
from services.export.orders.models import Order, OrderLine
from services.export.orders.queries import visible_to
from services.export.partners.queries import is_company
from services.export.production.models import Lot
from services.export.shipments.lifecycle import ShipmentState
from services.export.shipments.models import Carton, Container, Shipment

RUPIAH = "IDR"
PROMISED = (
    OrderState.ACCEPTED,
    OrderState.IN_PRODUCTION,
    OrderState.SHIPPED,
    OrderState.DELIVERED,
    OrderState.CLOSED,
)
MOST_CONTAINERS = 100


@dataclass(frozen=True)
class Ordered:
    """Promised orders: how many, their pieces, and their export value in rupiah."""

    orders: int
    pieces: int
    value: Decimal


@dataclass(frozen=True)
class Made:
    """Pieces that passed, that failed, and that were packed."""

    accepted: int
    rejected: int
    packed: int


@dataclass(frozen=True)
class Paid:
    """What makers were paid, in rupiah: batches, slips, families."""

    batches: int
    slips: int
    makers: int
    amount: Decimal


async def ordered(session: AsyncSession, *, actor: Actor) -> Ordered:
    """Count promised orders; only prices in rupiah are added up, nothing is converted."""
    pieces = sa.func.coalesce(col(OrderLine.accepted_pieces), 0)
    in_rupiah = sa.case(
        (col(OrderLine.currency) == RUPIAH, col(OrderLine.unit_price_amount)), else_=Decimal(0)
    )
    query = (
        select(
            sa.func.count(sa.distinct(col(Order.id))),
            sa.func.coalesce(sa.func.sum(pieces), 0),
            sa.func.coalesce(sa.func.sum(pieces * in_rupiah), Decimal(0)),
        )
        .join(OrderLine, col(OrderLine.order_id) == col(Order.id))
        .where(col(Order.state).in_(PROMISED), visible_to(actor))
    )
    orders, total, value = (await session.exec(query)).one()
    return Ordered(orders=orders, pieces=total, value=Decimal(value))


async def shipped_pieces(session: AsyncSession, *, actor: Actor) -> int:
    """Count the pieces that left."""
    query = select(sa.func.coalesce(sa.func.sum(col(Order.shipped_pieces)), 0))
    return (await session.exec(query.where(visible_to(actor)))).one()


async def made(session: AsyncSession, *, actor: Actor) -> Made:
    """Count the pieces of all lots by what became of them."""
    query = select(
        sa.func.coalesce(sa.func.sum(col(Lot.accepted)), 0),
        sa.func.coalesce(sa.func.sum(col(Lot.rejected)), 0),
        sa.func.coalesce(sa.func.sum(col(Lot.packed)), 0),
    ).where(col(Lot.order_id).in_(_orders_of(actor)))
    return Made(*(await session.exec(query)).one())


async def accepted_by_kabupaten(session: AsyncSession, *, actor: Actor) -> dict[str, int]:
    """Count accepted pieces by the kabupaten code of the group that made them."""
    kabupaten = sa.func.left(col(CapacityGroup.desa_code), 5)
    query = (
        select(kabupaten, sa.func.sum(col(Lot.accepted)))
        .join(Lot, col(Lot.group_id) == col(CapacityGroup.group_id))
        .where(col(Lot.order_id).in_(_orders_of(actor)))
        .group_by(kabupaten)
        .order_by(kabupaten)
    )
    return dict((await session.exec(query)).all())


async def released_containers(session: AsyncSession, *, actor: Actor) -> int:
    """Count the containers that customs let go."""
    query = select(sa.func.count()).select_from(Container).join(Shipment).where(_released(actor))
    return (await session.exec(query)).one()


async def pieces_by_container(session: AsyncSession, *, actor: Actor) -> dict[str, int]:
    """Count the pieces in each released container; the latest hundred, by number."""
    query = (
        select(Container.number, sa.func.sum(col(Carton.pieces)))
        .join(Carton, col(Carton.container_id) == col(Container.id))
        .join(Shipment, col(Shipment.id) == col(Container.shipment_id))
        .where(_released(actor))
        .group_by(col(Container.id), col(Container.number))
        .order_by(col(Container.id).desc())
        .limit(MOST_CONTAINERS)
    )
    return dict((await session.exec(query)).all())


async def paid(session: AsyncSession, *, actor: Actor) -> Paid:
    """Count what makers were paid."""
    query = (
        select(
            sa.func.count(sa.distinct(col(PayoutBatch.id))),
            sa.func.count(col(Slip.id)),
            sa.func.count(sa.distinct(col(Slip.household_id))),
            sa.func.coalesce(sa.func.sum(col(Slip.net_amount)), Decimal(0)),
        )
        .select_from(Slip)
        .join(PayoutBatch, col(PayoutBatch.id) == col(Slip.batch_id))
        .where(col(PayoutBatch.state) == PayoutState.PAID, col(Slip.currency) == RUPIAH)
    )
    if is_company(actor):
        query = query.where(col(PayoutBatch.organisation) == actor.organisation)
    return Paid(*(await session.exec(query)).one())


def _orders_of(actor: Actor) -> sa.Select[UUID]:
    return sa.select(col(Order.id)).where(visible_to(actor))


def _released(actor: Actor) -> sa.ColumnElement[bool]:
    return sa.and_(
        col(Shipment.state) != ShipmentState.LOADING, col(Shipment.order_id).in_(_orders_of(actor))
    )
