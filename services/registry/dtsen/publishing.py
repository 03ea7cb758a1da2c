"""What the worker does with a closed delivery of BPS.

1. A second person closes it  -> record it: every line enters the ledger at one moment.
2. It is recorded             -> publish it: part by part, families show it and the world is told.
3. The last part is told      -> it is published, and its lines are forgotten.

A correction ends our belief in the record it replaces at that same moment; nothing is overwritten.
How far the telling came is kept in the transaction of each part: a killed worker goes on there.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from kernel import clock
from kernel.db import UnitOfWork
from kernel.timers import Timer
from services.registry.dtsen import actions, queries
from services.registry.dtsen.lifecycle import State
from services.registry.dtsen.models import DtsenDelivery
from services.registry.households.actions import keep_versions
from services.registry.households.models import Household, Why
from services.registry.welfare.models import DecileRecord

FAMILIES_A_TURN = 2_000
TURN_EVERY = timedelta(milliseconds=250)

# A national ranking is one statement, and takes longer than a request may.
PATIENCE = sa.text("SET LOCAL statement_timeout = '15min'")
SUPERSEDE = sa.text(
    """
    UPDATE decile_records AS believed SET superseded_at = :at, changed_at = :at
    FROM dtsen_lines AS line
    WHERE line.delivery_id = :delivery AND line.household_id = believed.household_id
      AND believed.cycle = :cycle AND believed.superseded_at IS NULL
      AND believed.decile <> line.decile AND :corrects
    """
)
RECORD = sa.text(
    """
    INSERT INTO decile_records (id, version, recorded_at, changed_at, household_id, cycle, decile,
                                reference_date, source, desa_code, delivery_id)
    SELECT uuidv7(), 1, :at, :at, line.household_id, :cycle, line.decile,
           :reference_date, 'BPS', household.desa_code, :delivery
    FROM dtsen_lines AS line
    JOIN households AS household ON household.id = line.household_id
    LEFT JOIN decile_records AS believed ON believed.household_id = line.household_id
        AND believed.cycle = :cycle AND believed.superseded_at IS NULL
    WHERE line.delivery_id = :delivery AND believed.id IS NULL
    ORDER BY line.household_id
    """
)


async def work(uow: UnitOfWork) -> None:
    """Go one step on with the delivery that waited longest."""
    delivery = await queries.find_waiting(uow.session)
    if delivery is None:
        return
    if delivery.state is State.CLOSED:
        await _record(uow, delivery, at=clock.now())
        return
    records = await queries.untold(uow.session, delivery, limit=FAMILIES_A_TURN)
    if records:
        await _tell(uow, delivery, records)
    else:
        await actions.forget(uow, delivery)
        delivery.publish()


TIMER = Timer("registry.dtsen", TURN_EVERY, work, bulk=True)


async def _record(uow: UnitOfWork, delivery: DtsenDelivery, *, at: datetime) -> None:
    await uow.execute(PATIENCE)
    names = {"delivery": delivery.id, "cycle": delivery.cycle, "at": at}
    await uow.execute(SUPERSEDE, {**names, "corrects": delivery.corrects})
    lines = await uow.execute(RECORD, {**names, "reference_date": delivery.reference_date})
    delivery.record(lines=lines.rowcount)


async def _tell(uow: UnitOfWork, delivery: DtsenDelivery, records: Sequence[DecileRecord]) -> None:
    standing = {each.household_id: each for each in records if each.superseded_at is None}
    shown = await _show(uow, delivery, standing)
    why = Why(delivery.closed_by or delivery.opened_by, delivery.kind.value)
    await keep_versions(uow, shown, on=delivery.reference_date, why=why)
    for household_id, record in standing.items():
        uow.publish(record.told(), key=household_id)
    delivery.go_on(told=len(standing), until=records[-1].household_id)


async def _show(
    uow: UnitOfWork, delivery: DtsenDelivery, standing: dict[UUID, DecileRecord]
) -> list[UUID]:
    """Let families show the decile, unless theirs is of a later cycle; return which do."""
    families = sa.select(col(Household.id)).where(col(Household.id).in_(standing))
    await uow.execute(families.order_by(col(Household.id)).with_for_update())
    decile = (
        sa.select(col(DecileRecord.decile))
        .where(col(DecileRecord.delivery_id) == delivery.id)
        .where(col(DecileRecord.household_id) == col(Household.id))
    )
    known = col(Household.decile_cycle)
    show = (
        sa.update(Household)
        .where(col(Household.id).in_(standing))
        .where(sa.or_(known.is_(None), known <= delivery.cycle))
        .values(
            decile=decile.scalar_subquery(),
            decile_cycle=delivery.cycle,
            version=col(Household.version) + 1,
            changed_at=clock.now(),
        )
        .returning(col(Household.id))
    )
    return list((await uow.execute(show)).scalars())
