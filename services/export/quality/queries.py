"""Everything we ask of inspections and of the groups' severities."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kernel.auth import Actor
from kernel.pagination import PageRequest, Rows
from services.export.orders.models import Order
from services.export.partners.models import Contract
from services.export.partners.queries import find_contract
from services.export.production.models import Lot
from services.export.production.queries import seen_by
from services.export.quality.models import GroupQuality, Inspection
from services.export.quality.problems import (
    GroupNotInspected,
    InspectionNotFound,
    NoContractInForce,
)


async def get(
    session: AsyncSession, inspection_id: UUID, *, actor: Actor, for_update: bool = True
) -> Inspection:
    """Return the inspection, locked until the transaction ends unless it is only shown.

    Raises:
        InspectionNotFound: there is none that the actor may see.
    """
    query = (
        select(Inspection)
        .join(Lot, col(Lot.id) == col(Inspection.lot_id))
        .where(Inspection.id == inspection_id, seen_by(actor))
    )
    if for_update:
        query = query.with_for_update(key_share=True, of=Inspection)
    found = (await session.exec(query)).one_or_none()
    if found is None:
        raise InspectionNotFound(inspection_id=str(inspection_id))
    return found


async def list_(session: AsyncSession, page: PageRequest, *, lot_id: UUID) -> Rows[Inspection]:
    """Return a lot's inspections, first to last."""
    return await page.rows(
        session, select(Inspection).where(Inspection.lot_id == lot_id), Inspection
    )


async def find_latest(session: AsyncSession, lot_id: UUID) -> Inspection | None:
    """Return a lot's latest inspection."""
    query = (
        select(Inspection)
        .where(Inspection.lot_id == lot_id)
        .order_by(col(Inspection.number).desc())
        .limit(1)
    )
    return (await session.exec(query)).one_or_none()


async def get_contract(session: AsyncSession, order_id: UUID, *, on: date) -> Contract:
    """Return the contract by which an order's lots are sampled on a day.

    Raises:
        NoContractInForce: the partner has none on that day.
    """
    partner_id = (await session.exec(select(Order.partner_id).where(Order.id == order_id))).one()
    contract = await find_contract(session, partner_id, on=on)
    if contract is None:
        raise NoContractInForce(on=on.isoformat())
    return contract


async def find_group(session: AsyncSession, group_id: UUID) -> GroupQuality | None:
    """Return a group's severity, if a lot of it was ever inspected."""
    query = select(GroupQuality).where(GroupQuality.group_id == group_id)
    return (await session.exec(query)).one_or_none()


async def get_group(
    session: AsyncSession, group_id: UUID, *, actor: Actor, for_update: bool = True
) -> GroupQuality:
    """Return a group's severity, locked unless it is only shown.

    Raises:
        GroupNotInspected: no lot of it was inspected for an order that the actor may see.
    """
    lots = select(Lot.id).where(Lot.group_id == group_id, seen_by(actor))
    query = select(GroupQuality).where(GroupQuality.group_id == group_id, sa.exists(lots))
    if for_update:
        query = query.with_for_update(key_share=True)
    found = (await session.exec(query)).one_or_none()
    if found is None:
        raise GroupNotInspected(group_id=str(group_id))
    return found


async def group_to_count(session: AsyncSession, group_id: UUID) -> GroupQuality:
    """Return a group's severity, locked; a new one is normal."""
    fresh = GroupQuality(group_id=group_id).model_dump()
    once = insert(GroupQuality).values(fresh).on_conflict_do_nothing(index_elements=["group_id"])
    await session.exec(once)
    query = select(GroupQuality).where(GroupQuality.group_id == group_id)
    return (await session.exec(query.with_for_update(key_share=True))).one()
