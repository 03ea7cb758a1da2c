"""Everything we ask of earnings, slips and payout batches."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kernel.auth import Actor
from kernel.pagination import PageRequest, Rows
from services.export.earnings.lifecycle import PayoutState
from services.export.earnings.models import Earning, PayoutBatch, Slip, Unpaid
from services.export.earnings.problems import PayoutBatchNotFound
from services.export.partners.queries import is_company
from services.export.production.models import Lot
from services.export.production.queries import of_orders_of, seen_by


def _seen_by(actor: Actor) -> sa.ColumnElement[bool]:
    if not is_company(actor):
        return sa.true()
    return col(PayoutBatch.organisation) == actor.organisation


async def get(
    session: AsyncSession, batch_id: UUID, *, actor: Actor, for_update: bool = True
) -> PayoutBatch:
    """Return the batch, locked until the transaction ends unless it is only shown.

    Raises:
        PayoutBatchNotFound: there is none that the actor may see.
    """
    query = select(PayoutBatch).where(PayoutBatch.id == batch_id, _seen_by(actor))
    found = (
        await session.exec(query.with_for_update(key_share=True) if for_update else query)
    ).one_or_none()
    if found is None:
        raise PayoutBatchNotFound(batch_id=str(batch_id))
    return found


async def list_(
    session: AsyncSession,
    page: PageRequest,
    *,
    actor: Actor,
    state: PayoutState | None,
    reference: str | None,
) -> Rows[PayoutBatch]:
    """Return payout batches, oldest first."""
    query = select(PayoutBatch).where(_seen_by(actor))
    if state is not None:
        query = query.where(PayoutBatch.state == state)
    if reference is not None:
        query = query.where(PayoutBatch.reference == reference)
    return await page.rows(session, query, PayoutBatch)


async def list_earnings(
    session: AsyncSession,
    page: PageRequest,
    *,
    actor: Actor,
    household_id: UUID | None,
    order_id: UUID | None,
) -> Rows[Earning]:
    """Return earnings, oldest first."""
    lots = select(Lot.id).where(seen_by(actor))
    query = select(Earning).where(col(Earning.lot_id).in_(lots))
    if household_id is not None:
        query = query.where(Earning.household_id == household_id)
    if order_id is not None:
        query = query.where(Earning.order_id == order_id)
    return await page.rows(session, query, Earning)


async def list_slips(session: AsyncSession, page: PageRequest, *, batch_id: UUID) -> Rows[Slip]:
    """Return a batch's slips."""
    return await page.rows(session, select(Slip).where(Slip.batch_id == batch_id), Slip)


async def slips_of(session: AsyncSession, batch_id: UUID) -> Sequence[Slip]:
    """Return all of a batch's slips."""
    return (
        await session.exec(select(Slip).where(Slip.batch_id == batch_id).order_by(col(Slip.id)))
    ).all()


async def unpaid(session: AsyncSession, batch: PayoutBatch, *, actor: Actor) -> list[Unpaid]:
    """Return the period's earnings that no slip pays, locked; a second payer finds them taken."""
    query = (
        select(
            col(Earning.id),
            col(Earning.household_id),
            col(Earning.accepted_pieces),
            col(Earning.earned_amount),
        )
        .where(col(Earning.slip_id).is_(None), Earning.accepted_pieces > 0)
        .where(col(Earning.earned_on).between(batch.period_from, batch.period_to))
        .where(Earning.currency == batch.currency)
        .where(of_orders_of(actor, col(Earning.order_id)))
        .order_by(col(Earning.id))
        .with_for_update(key_share=True)
    )
    return [Unpaid(*row) for row in await session.exec(query)]


async def collect(session: AsyncSession, earnings: Sequence[Unpaid], batch_id: UUID) -> None:
    """Write on each earning the slip of its family in the batch, in one statement.

    The ids go as one array: PostgreSQL takes 32,767 parameters, and a period has more earnings.
    """
    ids = sa.literal([earning.earning_id for earning in earnings], ARRAY(sa.Uuid()))
    statement = (
        sa.update(Earning)
        .where(col(Slip.batch_id) == batch_id)
        .where(col(Slip.household_id) == col(Earning.household_id))
        .where(col(Earning.id) == sa.any_(ids))
        .values(slip_id=col(Slip.id), version=col(Earning.version) + 1)
        .execution_options(synchronize_session=False)
    )
    await session.exec(statement)


async def release(session: AsyncSession, batch_id: UUID) -> None:
    """Take a discarded batch's slips off the earnings, in one statement."""
    statement = (
        sa.update(Earning)
        .where(col(Slip.batch_id) == batch_id, col(Slip.id) == col(Earning.slip_id))
        .values(slip_id=None, version=col(Earning.version) + 1)
        .execution_options(synchronize_session=False)
    )
    await session.exec(statement)
