"""Everything we ask of the callbacks."""

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kernel.auth import Actor
from kernel.db import UnitOfWork
from kernel.pagination import PageRequest, Rows
from kernel.parcels import ParcelState
from services.registry.dci.deliveries.models import CallbackTarget, Delivery
from services.registry.dci.deliveries.problems import DeliveryNotFound


async def get(session: AsyncSession, delivery_id: UUID, *, actor: Actor, agency: str) -> Delivery:
    """Return a callback, locked until the transaction ends.

    Raises:
        DeliveryNotFound: there is none, or it is not the actor's to see.
    """
    query = select(Delivery).where(Delivery.id == delivery_id, _seen(actor, agency))
    found = (await session.exec(query.with_for_update())).one_or_none()
    if found is None:
        raise DeliveryNotFound(delivery_id=str(delivery_id))
    return found


async def list_(
    session: AsyncSession,
    page: PageRequest,
    *,
    actor: Actor,
    agency: str,
    state: ParcelState | None,
) -> Rows[Delivery]:
    """Return a page of the callbacks, oldest first."""
    query = select(Delivery).where(_seen(actor, agency))
    if state is not None:
        query = query.where(Delivery.state == state)
    return await page.rows(session, query, Delivery)


async def reopen(uow: UnitOfWork, owner: str, *, urls: Collection[str]) -> None:
    """Forget how addresses answered before: their owner named them again."""
    target = CallbackTarget
    named = sa.and_(col(target.owner) == owner, col(target.url).in_(urls))
    await uow.execute(sa.delete(target).where(named))


def _seen(actor: Actor, agency: str) -> sa.ColumnElement[bool]:
    """The agency sees every callback, everybody else those to their own systems."""
    if actor.organisation == agency:
        return sa.true()
    return col(Delivery.organisation) == actor.organisation
