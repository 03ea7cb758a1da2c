"""Where earnings, slips and batches move together."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.exc import IntegrityError

from kernel.auth import Actor
from kernel.db import UnitOfWork
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


def record(
    uow: UnitOfWork, lot: Lot, makers: Sequence[LotMaker], *, piece_rate: Money, on: date
) -> None:
    """Credit each maker of a settled lot with its accepted pieces."""
    for maker in makers:
        pay = piece_rate * maker.accepted
        earning = Earning(
            household_id=maker.household_id,
            lot_id=lot.id,
            order_id=lot.order_id,
            accepted_pieces=maker.accepted,
            rejected_pieces=maker.rejected,
            earned_amount=pay.amount,
            currency=pay.currency,
            earned_on=on,
        )
        uow.add(earning)
        uow.publish(earning.record(), key=earning.id)


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
    slips = slips_for(earnings, batch_id=batch.id)
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
