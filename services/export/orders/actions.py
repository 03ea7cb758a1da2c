"""What moves an order together with other things: its number, its materials, its shipment."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from kernel.auth import Actor
from kernel.db import UnitOfWork
from services.export.orders import queries
from services.export.orders.models import MaterialDemand, Order, OrderLine, Reply
from services.export.orders.problems import (
    DueBeforeOrdered,
    PartnerOrderNumberTaken,
    PricesInTwoCurrencies,
)
from services.export.partners import queries as partners
from services.export.products import queries as products
from services.export.products.models import Product

GRAMS_PER_KILOGRAM = 1000


async def place(uow: UnitOfWork, order: Order, *, actor: Actor) -> None:
    """Record a partner's new order, as a draft.

    Raises:
        PartnerNotFound, ProductNotFound: what it refers to is not there.
        PricesInTwoCurrencies, DueBeforeOrdered: its lines cannot be right.
        PartnerOrderNumberTaken: the partner used the number before.
    """
    _guard_lines(order)
    await partners.get(uow.session, order.partner_id, actor=actor)
    await products.guard_known(uow.session, (line.product_id for line in order.lines))
    uow.add(order)
    try:
        await uow.session.flush()
    except IntegrityError as error:
        raise PartnerOrderNumberTaken(number=order.partner_order_number) from error


def _guard_lines(order: Order) -> None:
    if len({line.currency for line in order.lines}) > 1:
        raise PricesInTwoCurrencies
    if any(line.due_on <= order.ordered_on for line in order.lines):
        raise DueBeforeOrdered


async def accept(
    uow: UnitOfWork, order: Order, *, replies: Sequence[Reply], accepted_on: date
) -> None:
    """Promise the goods, and tell the villages which raw material they take.

    Raises:
        IllegalMove, LinesNotAnsweredOnce, ChangeNotTold, NothingAccepted.
    """
    accepted = order.accept(replies, on=accepted_on)
    uow.publish(accepted, key=order.id)
    known = await products.get_all(uow.session, (line.product_id for line in order.lines))
    order.materials.extend(_demands(order, known))
    for demand in order.materials:
        uow.publish(demand.told(), key=demand.id)


def _demands(order: Order, known: dict[UUID, Product]) -> Iterable[MaterialDemand]:
    grams: dict[str, int] = {}
    needed_by: dict[str, date] = {}
    for line in (line for line in order.lines if line.pieces_to_make):
        for use in known[line.product_id].materials:
            grams[use.material] = grams.get(use.material, 0) + _grams(use.grams_per_piece, line)
            needed_by[use.material] = min(needed_by.get(use.material, line.make_by), line.make_by)
    for material, total in sorted(grams.items()):
        yield MaterialDemand(
            order_id=order.id,
            material=material,
            kilograms=-(-total // GRAMS_PER_KILOGRAM),
            needed_by=needed_by[material],
        )


def _grams(grams_per_piece: int, line: OrderLine) -> int:
    return grams_per_piece * line.pieces_to_make


async def ship(uow: UnitOfWork, order_id: UUID, *, pieces: int, on: date) -> None:
    """Note that a released shipment takes `pieces` of the order.

    Raises:
        OrderNotFound, IllegalMove, MoreShippedThanOrdered.
    """
    order = await queries.get(uow.session, order_id, for_update=True)
    uow.publish(order.ship(pieces=pieces, on=on), key=order.id)
