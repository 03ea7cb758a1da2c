"""Where a work order and its lots move together."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from kernel.db import UnitOfWork
from services.export.production import queries
from services.export.production.models import Lot, LotMaker, WorkOrder
from services.export.production.problems import DeliveryReferenceTaken

OPEN_ONCE = insert(WorkOrder).on_conflict_do_nothing(index_elements=["line_id", "group_id"])


@dataclass(frozen=True)
class Count:
    """How many pieces one family brought, and on how many days it worked for them."""

    household_id: UUID
    pieces: int
    days_worked: int


async def open_work_orders(
    uow: UnitOfWork,
    *,
    order_id: UUID,
    line_id: UUID,
    product_id: UUID,
    shares: Sequence[tuple[UUID, int]],
    due_on: date,
    on: date,
) -> None:
    """Give each group its share of an order line, in pieces; once for a line and group."""
    line = {"order_id": order_id, "line_id": line_id, "product_id": product_id}
    days = {"due_on": due_on, "opened_on": on}
    orders = [
        {**line, **days, "group_id": group_id, "pieces": pieces}
        for group_id, pieces in shares
        if pieces
    ]
    if orders:
        await uow.execute(OPEN_ONCE, orders)


async def deliver(
    uow: UnitOfWork,
    work_order: WorkOrder,
    *,
    reference: str,
    counts: Sequence[Count],
    on: date,
) -> Lot:
    """Take a delivery in as a new lot.

    Raises:
        DeliveryReferenceTaken: it was taken in before.
        WorkOrderNotOpen, DeliveredBeforeOpened, MoreThanOrdered: the work order refuses it.
    """
    work_order.take(sum(count.pieces for count in counts), on=on)
    number = await queries.next_lot_number(uow.session)
    lot = _lot_of(work_order, counts, reference=reference, number=number, on=on)
    uow.add(lot)
    try:
        await uow.session.flush()
    except IntegrityError as error:
        raise DeliveryReferenceTaken(reference=reference) from error
    uow.add(*(LotMaker(lot_id=lot.id, **asdict(count)) for count in counts))
    uow.publish(lot.deliver(), key=lot.id)
    return lot


def _lot_of(
    work_order: WorkOrder, counts: Sequence[Count], *, reference: str, number: int, on: date
) -> Lot:
    return Lot(
        lot_number=f"L{on:%y%m%d}-{number:06}",
        reference=reference,
        work_order_id=work_order.id,
        order_id=work_order.order_id,
        product_id=work_order.product_id,
        group_id=work_order.group_id,
        pieces=sum(count.pieces for count in counts),
        delivered_on=on,
    )
