"""Everything we ask of the exchanges."""

from collections.abc import Collection, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from services.registry.dci.exchanges.models import Exchange
from services.registry.dci.header import Action, MessageStatus

MOST_FOUND = 100


async def get(session: AsyncSession, exchange_id: UUID) -> Exchange:
    """Return an exchange that a delivery names, locked until the transaction ends."""
    query = select(Exchange).where(Exchange.id == exchange_id).with_for_update()
    return (await session.exec(query)).one()


async def find_same(
    session: AsyncSession, sender_id: str, *, message_id: str, fingerprint: bytes
) -> Exchange | None:
    """Return the exchange that the very same message began."""
    query = select(Exchange).where(
        Exchange.sender_id == sender_id,
        Exchange.message_id == message_id,
        Exchange.fingerprint == fingerprint,
    )
    return (await session.exec(query)).one_or_none()


async def waiting_of(session: AsyncSession, sender_id: str) -> int:
    """Count a sender's requests that were not carried out yet."""
    query = select(sa.func.count()).where(
        Exchange.sender_id == sender_id, Exchange.state == MessageStatus.RECEIVED
    )
    return (await session.exec(query)).one()


async def of_transaction(
    session: AsyncSession, sender_id: str, transaction_id: str, *, action: Action
) -> Sequence[Exchange]:
    """Return a sender's requests of one transaction, oldest first."""
    query = _of(sender_id, action).where(Exchange.transaction_id == transaction_id)
    return (await session.exec(query)).all()


async def of_correlation(
    session: AsyncSession, sender_id: str, correlation_id: UUID, *, action: Action
) -> Sequence[Exchange]:
    """Return a sender's request that we gave this correlation id, or none."""
    query = _of(sender_id, action).where(Exchange.id == correlation_id)
    return (await session.exec(query)).all()


async def of_references(
    session: AsyncSession, sender_id: str, reference_ids: Collection[str], *, action: Action
) -> Sequence[Exchange]:
    """Return a sender's messages that hold any of these requests, oldest first."""
    named = col(Exchange.reference_ids).op("?|")(sa.cast(list(reference_ids), sa.ARRAY(sa.Text())))
    return (await session.exec(_of(sender_id, action).where(named))).all()


def _of(sender_id: str, action: Action) -> SelectOfScalar[Exchange]:
    return (
        select(Exchange)
        .where(Exchange.sender_id == sender_id, Exchange.action == action)
        .order_by(col(Exchange.id))
        .limit(MOST_FOUND)
    )
