"""Everything we ask of work orders and lots."""

from collections.abc import Collection, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kernel.auth import Actor
from kernel.pagination import PageRequest, Rows
from services.export.capacity.queries import of_groups_seen_by
from services.export.orders.models import Order
from services.export.orders.queries import visible_to
from services.export.partners.queries import is_company
from services.export.production.lifecycle import LotState, WorkOrderState
from services.export.production.models import LOT_NUMBERS, Lot, LotMaker, WorkOrder
from services.export.production.problems import LotNotFound, WorkOrderNotFound


def of_orders_of(actor: Actor | None, order_id: Mapped[UUID]) -> sa.ColumnElement[bool]:
    """Return the condition that the actor may see what belongs to the order.

    A partner sees its own organisation's orders; a ministry, and the service itself, all of them.
    """
    if actor is None or not is_company(actor):
        return sa.true()
    return order_id.in_(select(Order.id).where(visible_to(actor)))


def seen_by(actor: Actor | None) -> sa.ColumnElement[bool]:
    """Return the condition on `Lot`: of orders, and made by groups, that the actor may see."""
    return sa.and_(
        of_orders_of(actor, col(Lot.order_id)), of_groups_seen_by(actor, col(Lot.group_id))
    )


async def get_work_order(
    session: AsyncSession, work_order_id: UUID, *, actor: Actor | None, for_update: bool = True
) -> WorkOrder:
    """Return the work order, locked until the transaction ends unless it is only shown.

    Raises:
        WorkOrderNotFound: there is none that the actor may see.
    """
    query = select(WorkOrder).where(
        WorkOrder.id == work_order_id,
        of_orders_of(actor, col(WorkOrder.order_id)),
        of_groups_seen_by(actor, col(WorkOrder.group_id)),
    )
    found = (
        await session.exec(query.with_for_update(key_share=True) if for_update else query)
    ).one_or_none()
    if found is None:
        raise WorkOrderNotFound(work_order_id=str(work_order_id))
    return found


async def get_lot(
    session: AsyncSession, lot_id: UUID, *, actor: Actor | None, for_update: bool = True
) -> Lot:
    """Return the lot, locked until the transaction ends unless it is only shown.

    Raises:
        LotNotFound: there is none that the actor may see.
    """
    query = select(Lot).where(Lot.id == lot_id, seen_by(actor))
    found = (
        await session.exec(query.with_for_update(key_share=True) if for_update else query)
    ).one_or_none()
    if found is None:
        raise LotNotFound(lot_id=str(lot_id))
    return found


async def list_work_orders(
    session: AsyncSession,
    page: PageRequest,
    *,
    actor: Actor,
    order_id: UUID | None,
    group_id: UUID | None,
    state: WorkOrderState | None,
) -> Rows[WorkOrder]:
    """Return work orders, oldest first."""
    query = select(WorkOrder).where(
        of_orders_of(actor, col(WorkOrder.order_id)),
        of_groups_seen_by(actor, col(WorkOrder.group_id)),
    )
    for column, wanted in (
        (col(WorkOrder.order_id), order_id),
        (col(WorkOrder.group_id), group_id),
        (col(WorkOrder.state), state),
    ):
        query = query if wanted is None else query.where(column == wanted)
    return await page.rows(session, query, WorkOrder)


async def list_lots(
    session: AsyncSession,
    page: PageRequest,
    *,
    actor: Actor,
    order_id: UUID | None,
    work_order_id: UUID | None,
    state: LotState | None,
) -> Rows[Lot]:
    """Return lots, oldest first."""
    query = select(Lot).where(seen_by(actor))
    for column, wanted in (
        (col(Lot.order_id), order_id),
        (col(Lot.work_order_id), work_order_id),
        (col(Lot.state), state),
    ):
        query = query if wanted is None else query.where(column == wanted)
    return await page.rows(session, query, Lot)


async def makers_of(session: AsyncSession, lot_id: UUID) -> Sequence[LotMaker]:
    """Return who made the lot; the lot's lock guards them."""
    query = select(LotMaker).where(LotMaker.lot_id == lot_id).order_by(col(LotMaker.household_id))
    return (await session.exec(query)).all()


async def lots_to_pack(session: AsyncSession, lot_ids: Collection[UUID]) -> dict[UUID, Lot]:
    """Return the lots by id, locked in one order, so that two packers never wait in a circle."""
    query = (
        select(Lot)
        .where(col(Lot.id).in_(lot_ids))
        .order_by(col(Lot.id))
        .with_for_update(key_share=True)
    )
    return {lot.id: lot for lot in (await session.exec(query)).all()}


async def next_lot_number(session: AsyncSession) -> int:
    """Return a number that no lot has."""
    return (await session.exec(select(LOT_NUMBERS.next_value()))).one()
