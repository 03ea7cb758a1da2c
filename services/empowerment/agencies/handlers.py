"""How agreements learn what was reached; every order of arrival gives the same count."""

from datetime import date
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from contracts.empowerment import GraduationApproved, GraduationReversed, TrainingCompleted
from contracts.financing import ReferralDisbursed
from kernel.db import UnitOfWork
from kernel.subscriptions import Subscriptions
from services.empowerment.agencies.models import Achievement, Metric

when = Subscriptions("empowerment.agencies", projection=(Achievement,))


@when(TrainingCompleted)
async def count_the_trained_family(event: TrainingCompleted, uow: UnitOfWork) -> None:
    """Count a family that learned a skill."""
    await _count(uow, Metric.TRAINED, event.training_id, event.household_id, on=event.completed_on)


@when(GraduationApproved)
async def count_the_graduated_family(event: GraduationApproved, uow: UnitOfWork) -> None:
    """Count a family that graduated."""
    await _count(uow, Metric.GRADUATED, event.proposal_id, event.household_id, on=event.decided_on)


@when(GraduationReversed)
async def uncount_the_returned_family(event: GraduationReversed, uow: UnitOfWork) -> None:
    """Take a family out of the count for good, even when its graduation is told later."""
    made = insert(Achievement).values(
        metric=Metric.GRADUATED,
        source_id=event.proposal_id,
        household_id=event.household_id,
        achieved_on=event.reversed_on,
        undone=True,
    )
    undone = made.on_conflict_do_update(
        index_elements=["metric", "source_id", "household_id"], set_={"undone": True}
    )
    await uow.execute(undone)


@when(ReferralDisbursed)
async def count_the_financed_family(event: ReferralDisbursed, uow: UnitOfWork) -> None:
    """Count a family that received credit."""
    await _count(uow, Metric.FINANCED, event.referral_id, event.household_id, on=event.on)


async def _count(
    uow: UnitOfWork, metric: Metric, source_id: UUID, household_id: UUID, *, on: date
) -> None:
    made = insert(Achievement).values(
        metric=metric, source_id=source_id, household_id=household_id, achieved_on=on
    )
    await uow.execute(made.on_conflict_do_nothing())
