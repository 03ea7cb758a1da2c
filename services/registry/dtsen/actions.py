"""Filling a delivery of BPS, all of a batch or nothing of it, by one statement a batch."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from kernel.auth import Actor
from kernel.db import UnitOfWork
from kernel.sight import SYSTEM
from services.registry.dtsen import queries
from services.registry.dtsen.delivered import some_of
from services.registry.dtsen.lifecycle import State
from services.registry.dtsen.models import DeliveryLine, DtsenDelivery
from services.registry.dtsen.problems import DeliveryIsNotOpen, LinesDiffer
from services.registry.dtsen.queries import Batch
from services.registry.households.models import Household


@dataclass
class Filled:
    """What became of the lines sent; `differing` lines stop the whole batch."""

    received: int = 0
    ranked: int = 0
    unknown: list[int] = field(default_factory=list)
    differing: list[int] = field(default_factory=list)

    @property
    def unchanged(self) -> int:
        """Return how many lines the delivery held already."""
        return self.received - self.ranked - len(self.unknown)


async def fill(
    uow: UnitOfWork, delivery: DtsenDelivery, batches: AsyncIterator[Batch], *, actor: Actor
) -> Filled:
    """Put lines into an open delivery; families that we do not know are counted and left out.

    Raises:
        DeliveryIsNotOpen: it was closed or discarded.
        LinesDiffer: a family has another decile in a line before; nothing is kept.
    """
    if delivery.state is not State.OPEN:
        raise DeliveryIsNotOpen(state=delivery.state.value)
    filled = Filled()
    async with uow.seeing(SYSTEM):  # the statements themselves keep to what the actor may see
        async for batch in batches:
            await _put(uow, delivery, batch, filled=filled, actor=actor)
    if filled.differing:
        raise LinesDiffer(count=len(filled.differing), lines=some_of(filled.differing))
    delivery.count(received=filled.received, ranked=filled.ranked, unknown=len(filled.unknown))
    return filled


async def _put(
    uow: UnitOfWork, delivery: DtsenDelivery, batch: Batch, *, filled: Filled, actor: Actor
) -> None:
    lines = queries.told(batch)
    known = (
        sa.select(sa.literal(delivery.id), col(Household.id), lines.c.decile)
        .select_from(lines)
        .join(Household, queries.named(batch, lines, actor))
    )
    names = ["delivery_id", "household_id", "decile"]
    put = insert(DeliveryLine).from_select(names, known).on_conflict_do_nothing()
    filled.received += len(batch.numbers)
    filled.ranked += (await uow.execute(put)).rowcount
    left = await queries.left_out(uow.session, batch, delivery_id=delivery.id, seen_by=actor)
    filled.unknown += left.unknown
    filled.differing += left.differing


async def forget(uow: UnitOfWork, delivery: DtsenDelivery) -> None:
    """Delete a delivery's lines; the ledger keeps what was recorded of them."""
    await uow.execute(sa.delete(DeliveryLine).where(col(DeliveryLine.delivery_id) == delivery.id))
