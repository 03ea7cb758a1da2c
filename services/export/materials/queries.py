"""Everything we ask of raw material."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kernel.auth import Actor
from kernel.pagination import PageRequest, Rows
from services.export.materials.models import (
    Holding,
    MaterialLot,
    UnissuedUse,
)
from services.export.materials.problems import MaterialLotNotFound
from services.export.partners.queries import is_company
from services.export.production.models import WorkOrder
from services.export.production.queries import of_orders_of


@dataclass(frozen=True)
class Balance:
    """What became of one material, in grams; `not_issued` was used without an issue's paper."""

    material: str
    issued: int
    consumed_accepted: int
    consumed_rejected: int
    returned: int
    wasted: int
    not_issued: int

    @property
    def on_hand(self) -> int:
        """Return the grams that the groups still have."""
        used = self.consumed_accepted + self.consumed_rejected
        return self.issued - used - self.returned - self.wasted


HELD = (
    col(Holding.issued),
    col(Holding.consumed_accepted),
    col(Holding.consumed_rejected),
    col(Holding.returned),
    col(Holding.wasted),
)


def _seen_by(actor: Actor) -> sa.ColumnElement[bool]:
    if is_company(actor):
        return col(MaterialLot.organisation) == actor.organisation
    if not actor.regions:
        return sa.true()
    desa = col(MaterialLot.source_desa_code)
    return sa.or_(*(desa.startswith(region, autoescape=True) for region in actor.regions))


async def get_lot(
    session: AsyncSession, material_lot_id: UUID, *, actor: Actor, for_update: bool = True
) -> MaterialLot:
    """Return the material lot, locked until the transaction ends unless it is only shown.

    Raises:
        MaterialLotNotFound: there is none that the actor may see.
    """
    query = select(MaterialLot).where(MaterialLot.id == material_lot_id, _seen_by(actor))
    found = (
        await session.exec(query.with_for_update(key_share=True) if for_update else query)
    ).one_or_none()
    if found is None:
        raise MaterialLotNotFound(material_lot_id=str(material_lot_id))
    return found


async def list_lots(
    session: AsyncSession, page: PageRequest, *, actor: Actor, material: str | None
) -> Rows[MaterialLot]:
    """Return material lots, oldest first."""
    query = select(MaterialLot).where(_seen_by(actor))
    if material is not None:
        query = query.where(MaterialLot.material == material)
    return await page.rows(session, query, MaterialLot)


async def get_holding(session: AsyncSession, work_order: WorkOrder, lot: MaterialLot) -> Holding:
    """Return what the work order's group has of the lot, locked; new when it has had nothing.

    The lot's lock is held, so that nobody else makes the same new holding.
    """
    query = select(Holding).where(
        Holding.work_order_id == work_order.id, Holding.material_lot_id == lot.id
    )
    found = (await session.exec(query.with_for_update(key_share=True))).one_or_none()
    return found or Holding(
        work_order_id=work_order.id,
        material_lot_id=lot.id,
        order_id=work_order.order_id,
        material=lot.material,
    )


async def holdings_of(session: AsyncSession, work_order_id: UUID) -> Sequence[Holding]:
    """Return all that a work order's group was issued, oldest lot first, locked."""
    query = (
        select(Holding)
        .where(Holding.work_order_id == work_order_id)
        .order_by(col(Holding.material_lot_id))
        .with_for_update(key_share=True)
    )
    return (await session.exec(query)).all()


async def balances(
    session: AsyncSession, *, actor: Actor, work_order_id: UUID | None, order_id: UUID | None
) -> list[Balance]:
    """Return what became of each material of a work order, or of all those of an order."""

    def narrowed(table: type[Holding] | type[UnissuedUse]) -> list[sa.ColumnElement[bool]]:
        wanted = [of_orders_of(actor, col(table.order_id))]
        if work_order_id is not None:
            wanted.append(col(table.work_order_id) == work_order_id)
        if order_id is not None:
            wanted.append(col(table.order_id) == order_id)
        return wanted

    nothing = sa.literal(0, sa.BigInteger)
    counted = sa.union_all(
        sa.select(col(Holding.material), *HELD, nothing.label("not_issued")).where(
            *narrowed(Holding)
        ),
        sa.select(
            col(UnissuedUse.material), *(nothing for _ in HELD), col(UnissuedUse.grams)
        ).where(*narrowed(UnissuedUse)),
    ).subquery()
    material, *grams = counted.columns
    sums = [sa.cast(sa.func.sum(column), sa.BigInteger) for column in grams]
    query = select(material, *sums).group_by(material).order_by(material)
    return [Balance(*row) for row in await session.exec(query)]
