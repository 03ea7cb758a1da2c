"""Everything we ask of orders and their lines."""

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kernel.auth import Actor
from kernel.pagination import PageRequest, Rows
from services.export.orders.lifecycle import OrderState
from services.export.orders.models import Order, OrderLine
from services.export.orders.problems import LineNotFound, OrderNotFound
from services.export.partners import queries as partners
from services.export.partners.models import Partner


@dataclass(frozen=True)
class Wanted:
    """Which orders a list is narrowed to."""

    partner_id: UUID | None = None
    state: OrderState | None = None
    partner_order_number: str | None = None


@lru_cache(maxsize=1024)  # building a condition costs more than the query
def visible_to(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition on `Order` that a partner's client meets with its own alone."""
    if not partners.is_company(actor):
        return sa.true()
    return col(Order.partner_id).in_(select(Partner.id).where(partners.visible_to(actor)))


async def get(
    session: AsyncSession,
    order_id: UUID,
    *,
    actor: Actor | None = None,
    for_update: bool = False,
) -> Order:
    """Return the order with its lines, locked until the transaction ends if a verb follows.

    Raises:
        OrderNotFound: there is none, or `actor` may not see it.
    """
    query = select(Order).where(col(Order.id) == order_id)
    if actor is not None:
        query = query.where(visible_to(actor))
    if for_update:
        query = query.with_for_update(key_share=True)
    order = (await session.exec(query)).one_or_none()
    if order is None:
        raise OrderNotFound(order_id=order_id)
    return order


async def get_line(session: AsyncSession, line_id: UUID) -> OrderLine:
    """Return one line of an order.

    Raises:
        LineNotFound: there is none.
    """
    line = await session.get(OrderLine, line_id)
    if line is None:
        raise LineNotFound(line_id=line_id)
    return line


async def list_(
    session: AsyncSession, page: PageRequest, *, actor: Actor, wanted: Wanted
) -> Rows[Order]:
    """Return the orders that `actor` may see, narrowed to what is wanted."""
    query = select(Order).where(visible_to(actor))
    if wanted.partner_id is not None:
        query = query.where(col(Order.partner_id) == wanted.partner_id)
    if wanted.state is not None:
        query = query.where(col(Order.state) == wanted.state)
    if wanted.partner_order_number is not None:
        query = query.where(col(Order.partner_order_number) == wanted.partner_order_number)
    return await page.rows(session, query, Order)
