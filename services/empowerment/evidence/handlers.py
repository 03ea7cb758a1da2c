"""How evidence arrives: each fact is kept once, by its own id, whatever came before it."""

from collections.abc import Sequence

from sqlalchemy.dialects.postgresql import insert

from contracts.export import EarningRecorded, SlipPaid
from kernel.db import UnitOfWork
from kernel.subscriptions import Subscriptions
from services.empowerment.evidence.models import JudgedWork, PaidSlip

when = Subscriptions("empowerment.evidence", projection=(PaidSlip, JudgedWork))


@when.runs(SlipPaid)
async def remember_the_income(events: Sequence[SlipPaid], uow: UnitOfWork) -> None:
    """Keep what families were paid; only what is paid is income."""
    slips = [
        {
            "slip_id": event.slip_id,
            "household_id": event.household_id,
            "amount": event.amount.amount,
            "currency": event.amount.currency,
            "paid_on": event.paid_on,
        }
        for event in events
    ]
    await uow.execute(insert(PaidSlip).values(slips).on_conflict_do_nothing())


@when.runs(EarningRecorded)
async def remember_the_quality(events: Sequence[EarningRecorded], uow: UnitOfWork) -> None:
    """Keep how many pieces passed and failed."""
    judged = [
        {
            "earning_id": event.earning_id,
            "household_id": event.household_id,
            "accepted_pieces": event.accepted_pieces,
            "rejected_pieces": event.rejected_pieces,
            "earned_on": event.earned_on,
        }
        for event in events
    ]
    await uow.execute(insert(JudgedWork).values(judged).on_conflict_do_nothing())
