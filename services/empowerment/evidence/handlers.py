"""How evidence arrives: each fact is kept once, by its own id, whatever came before it."""

from sqlalchemy.dialects.postgresql import insert

from contracts.export import EarningRecorded, SlipPaid
from kernel.db import UnitOfWork
from kernel.subscriptions import Subscriptions
from services.empowerment.evidence.models import JudgedWork, PaidSlip

when = Subscriptions("empowerment.evidence")


@when(SlipPaid)
async def remember_the_income(event: SlipPaid, uow: UnitOfWork) -> None:
    """Keep what the family was paid; only what is paid is income."""
    slip = insert(PaidSlip).values(
        slip_id=event.slip_id,
        household_id=event.household_id,
        amount=event.amount.amount,
        currency=event.amount.currency,
        paid_on=event.paid_on,
    )
    await uow.execute(slip.on_conflict_do_nothing())


@when(EarningRecorded)
async def remember_the_quality(event: EarningRecorded, uow: UnitOfWork) -> None:
    """Keep how many pieces passed and failed."""
    work = insert(JudgedWork).values(
        earning_id=event.earning_id,
        household_id=event.household_id,
        accepted_pieces=event.accepted_pieces,
        rejected_pieces=event.rejected_pieces,
        earned_on=event.earned_on,
    )
    await uow.execute(work.on_conflict_do_nothing())
