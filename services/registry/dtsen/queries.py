"""Everything we ask of the deliveries of BPS."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kernel.auth import Actor
from kernel.pagination import PageRequest, Rows
from services.registry.dtsen.lifecycle import State
from services.registry.dtsen.models import DeliveryKind, DeliveryLine, DtsenDelivery
from services.registry.dtsen.problems import DeliveryNotFound, DeliveryTaken, NothingToCorrect
from services.registry.households.models import Household
from services.registry.households.queries import visible
from services.registry.welfare import queries as ledger
from services.registry.welfare.models import DecileRecord

NAMED_AT_MOST = 100
"""How many wrong or unknown lines an answer names."""


class NamedBy(StrEnum):
    """What a line names a family by: the sender's number for it, or our id."""

    REFERENCE = "reference"
    HOUSEHOLD_ID = "household_id"


@dataclass(frozen=True)
class Batch:
    """Lines of a delivery: their numbers, how they name a family, their deciles."""

    by: NamedBy
    numbers: Sequence[int]
    families: Sequence[str]
    deciles: Sequence[int]


@dataclass(frozen=True)
class Left:
    """Lines of a batch that are not in the delivery: of no known family, or ranked otherwise."""

    unknown: Sequence[int]
    differing: Sequence[int]


async def get_delivery(
    session: AsyncSession, delivery_id: UUID, *, for_change: bool = False
) -> DtsenDelivery:
    """Return the delivery, locked until the transaction ends when it is `for_change`.

    Raises:
        DeliveryNotFound: there is none.
    """
    query = select(DtsenDelivery).where(DtsenDelivery.id == delivery_id)
    if for_change:
        query = query.with_for_update()
    delivery = (await session.exec(query)).one_or_none()
    if delivery is None:
        raise DeliveryNotFound(delivery_id=str(delivery_id))
    return delivery


async def list_deliveries(
    session: AsyncSession, page: PageRequest, *, cycle: str | None
) -> Rows[DtsenDelivery]:
    """Return a page of the deliveries, of one cycle or of all."""
    query = select(DtsenDelivery)
    if cycle is not None:
        query = query.where(DtsenDelivery.cycle == cycle)
    return await page.rows(session, query, DtsenDelivery)


async def require_deliverable(session: AsyncSession, delivery: DtsenDelivery) -> None:
    """Guard a new delivery.

    Raises:
        DeliveryTaken: the document was delivered, or the cycle has its ranking.
        NothingToCorrect: a correction of a cycle of which nothing is recorded.
    """
    same = col(DtsenDelivery.document_number) == delivery.document_number
    if delivery.kind is DeliveryKind.RANKING:
        ranking = col(DtsenDelivery.kind) == DeliveryKind.RANKING
        same = sa.or_(same, sa.and_(ranking, col(DtsenDelivery.cycle) == delivery.cycle))
    query = select(DtsenDelivery.id).where(same, DtsenDelivery.state != State.DISCARDED)
    if (await session.exec(query.limit(1))).first() is not None:
        raise DeliveryTaken(cycle=delivery.cycle, document_number=delivery.document_number)
    if delivery.kind is DeliveryKind.CORRECTION and not await ledger.any_of(
        session, delivery.cycle
    ):
        raise NothingToCorrect(cycle=delivery.cycle)


def told(batch: Batch) -> sa.TableValuedAlias:
    """Return the batch as a table: number, family, decile."""
    columns = sa.func.unnest(
        sa.literal(list(batch.numbers), ARRAY(sa.Integer)),
        sa.literal(list(batch.families), ARRAY(sa.Text)),
        sa.literal(list(batch.deciles), ARRAY(sa.Integer)),
    )
    return columns.table_valued("number", "family", "decile").render_derived(name="told")


def named(batch: Batch, lines: sa.TableValuedAlias, seen_by: Actor) -> sa.ColumnElement[bool]:
    """Return the condition that a line names a family that the actor may see."""
    by_id = col(Household.id) == sa.cast(lines.c.family, sa.Uuid)
    by_reference = col(Household.reference) == lines.c.family
    return sa.and_(by_reference if batch.by is NamedBy.REFERENCE else by_id, visible(seen_by))


async def left_out(
    session: AsyncSession, batch: Batch, *, delivery_id: UUID, seen_by: Actor
) -> Left:
    """Return the numbers of the lines that the delivery does not hold as told."""
    lines = told(batch)
    unknown = col(Household.id).is_(None)
    differing = col(DeliveryLine.decile) != lines.c.decile
    query = (
        select(lines.c.number, unknown)
        .select_from(lines)
        .outerjoin(Household, named(batch, lines, seen_by))
        .outerjoin(
            DeliveryLine,
            sa.and_(
                col(DeliveryLine.delivery_id) == delivery_id,
                col(DeliveryLine.household_id) == col(Household.id),
            ),
        )
        .where(sa.or_(unknown, differing))
        .order_by(lines.c.number)
    )
    found = (await session.exec(query)).all()
    return Left(
        unknown=[number for number, is_unknown in found if is_unknown],
        differing=[number for number, is_unknown in found if not is_unknown],
    )


async def count_differing(session: AsyncSession, delivery: DtsenDelivery) -> int:
    """Count the families that the ledger ranks otherwise in the delivery's cycle."""
    query = (
        select(sa.func.count())
        .select_from(DeliveryLine)
        .join(DecileRecord, col(DecileRecord.household_id) == col(DeliveryLine.household_id))
        .where(DeliveryLine.delivery_id == delivery.id, DecileRecord.cycle == delivery.cycle)
        .where(ledger.believed(DecileRecord, at=None), DecileRecord.decile != DeliveryLine.decile)
    )
    return (await session.exec(query)).one()


async def find_waiting(session: AsyncSession) -> DtsenDelivery | None:
    """Return the delivery that the worker has to go on with, the oldest first, locked."""
    query = (
        select(DtsenDelivery)
        .where(col(DtsenDelivery.state).in_([State.CLOSED, State.RECORDED]))
        .order_by(col(DtsenDelivery.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return (await session.exec(query)).first()


async def untold(
    session: AsyncSession, delivery: DtsenDelivery, *, limit: int
) -> Sequence[DecileRecord]:
    """Return the next records of a delivery that the world was not told of, by family."""
    query = select(DecileRecord).where(DecileRecord.delivery_id == delivery.id)
    if delivery.published_until is not None:
        query = query.where(col(DecileRecord.household_id) > delivery.published_until)
    query = query.order_by(col(DecileRecord.household_id)).limit(limit)
    return (await session.exec(query)).all()
