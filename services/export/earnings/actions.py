"""Where earnings, slips and batches move together."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from contracts.export import EarningRecorded
from kernel import clock
from kernel.auth import Actor
from kernel.db import UnitOfWork
from kernel.ids import new_id
from kernel.money import Money
from services.export.earnings import queries
from services.export.earnings.models import (
    Deduction,
    Earning,
    PayoutBatch,
    deduct,
    slips_for,
)
from services.export.earnings.problems import (
    NothingToPay,
    PayoutReferenceTaken,
)
from services.export.production.models import Lot, LotMaker


async def record(
    uow: UnitOfWork, lot: Lot, makers: Sequence[LotMaker], *, piece_rate: Money, on: date
) -> None:
    """Credit each maker of a settled lot with its accepted pieces, in one statement.

    A family whose pieces all failed earned nothing, and that is told too.
    """
    earned = [
        EarningRecorded(
            earning_id=new_id(),
            household_id=maker.household_id,
            lot_id=lot.id,
            order_id=lot.order_id,
            accepted_pieces=maker.accepted,
            rejected_pieces=maker.rejected,
            amount=piece_rate * maker.accepted,
            earned_on=on,
        )
        for maker in makers
    ]
    await uow.execute(sa.insert(Earning), [_row(each) for each in earned])
    for each in earned:
        uow.publish(each, key=each.earning_id)


def _row(earned: EarningRecorded) -> dict[str, object]:
    moment = clock.now()
    return {
        **earned.model_dump(exclude={"earning_id", "amount"}),
        "id": earned.earning_id,
        "version": 1,
        "recorded_at": moment,
        "changed_at": moment,
        "earned_amount": earned.amount.amount,
        "currency": earned.amount.currency,
    }


async def make_batch(
    uow: UnitOfWork, batch: PayoutBatch, *, actor: Actor, deductions: Sequence[Deduction]
) -> None:
    """Collect the batch's period's unpaid earnings into one slip a family.

    Raises:
        NothingToPay: there are none.
        DeductionForNobody, DeductedTooMuch: a deduction cannot be made.
        PayoutReferenceTaken: such a batch was made before.
    """
    earnings = await queries.unpaid(uow.session, batch, actor=actor)
    if not earnings:
        raise NothingToPay(
            currency=batch.currency,
            period_from=batch.period_from.isoformat(),
            period_to=batch.period_to.isoformat(),
        )
    slips = slips_for(earnings, batch)
    deduct(slips, deductions)
    batch.fill(slips.values())
    uow.add(batch)
    try:
        await uow.session.flush()
    except IntegrityError as error:
        raise PayoutReferenceTaken(reference=batch.reference) from error
    uow.add(*slips.values())
    await uow.session.flush()
    await queries.collect(uow.session, earnings, batch.id)


async def pay(uow: UnitOfWork, batch: PayoutBatch, *, on: date, proof_reference: str) -> None:
    """Record that the batch was paid, and tell every family's pay."""
    completed = batch.pay(on=on, proof_reference=proof_reference)
    for slip in await queries.slips_of(uow.session, batch.id):
        uow.publish(slip.pay(on=on), key=slip.id)
    uow.publish(completed, key=batch.id)


async def discard(uow: UnitOfWork, batch: PayoutBatch) -> None:
    """Give a batch up; its earnings are free for another."""
    batch.discard()
    await queries.release(uow.session, batch.id)
