"""Everything we ask of allocations."""

from functools import lru_cache
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kernel.auth import Actor
from kernel.pagination import PageRequest, Rows
from services.export.allocation.models import Allocation
from services.export.allocation.problems import AllocationNotFound
from services.export.orders import queries as orders
from services.export.orders.models import Order


@lru_cache(maxsize=1024)  # building a condition costs more than the query
def visible_to(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition on `Allocation`: whose order a partner's client may see."""
    return col(Allocation.order_id).in_(select(Order.id).where(orders.visible_to(actor)))


async def get(
    session: AsyncSession, allocation_id: UUID, *, actor: Actor, for_update: bool = False
) -> Allocation:
    """Return the allocation with its shares, locked until the commit if a verb follows.

    Raises:
        AllocationNotFound: there is none that `actor` may see.
    """
    query = select(Allocation).where(col(Allocation.id) == allocation_id, visible_to(actor))
    if for_update:
        query = query.with_for_update(key_share=True)
    allocation = (await session.exec(query)).one_or_none()
    if allocation is None:
        raise AllocationNotFound(allocation_id=allocation_id)
    return allocation


async def list_(
    session: AsyncSession,
    page: PageRequest,
    *,
    actor: Actor,
    order_id: UUID | None,
    line_id: UUID | None,
) -> Rows[Allocation]:
    """Return the allocations that `actor` may see, of an order or a line if one is named."""
    query = select(Allocation).where(visible_to(actor))
    if order_id is not None:
        query = query.where(col(Allocation.order_id) == order_id)
    if line_id is not None:
        query = query.where(col(Allocation.line_id) == line_id)
    return await page.rows(session, query, Allocation)
