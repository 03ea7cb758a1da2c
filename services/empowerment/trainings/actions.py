"""What touches a training, its participants and their programme together."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import delete, insert
from sqlmodel import col

from kernel.auth import Actor
from kernel.db import UnitOfWork
from services.empowerment.candidates import queries as candidates
from services.empowerment.enrolments import queries as enrolments
from services.empowerment.enrolments.lifecycle import HOLDS_A_PLACE
from services.empowerment.programmes import queries as programmes
from services.empowerment.trainings import queries
from services.empowerment.trainings.models import Attendance, Participant, Training
from services.empowerment.trainings.problems import (
    AlreadyParticipants,
    NotInProgramme,
    NotParticipants,
    RequiredDaysImpossible,
    TrainingCodeTaken,
)


async def plan(uow: UnitOfWork, training: Training) -> None:
    """Add a training; raises RequiredDaysImpossible, TrainingCodeTaken, ProgrammeNotFound."""
    if training.required_days > training.days:
        raise RequiredDaysImpossible(days=training.days, required_days=training.required_days)
    if await queries.find(uow.session, training.code):
        raise TrainingCodeTaken(training=training.code)
    await programmes.get(uow.session, training.programme_id)
    uow.add(training)


async def seat(
    uow: UnitOfWork, training: Training, household_ids: Sequence[UUID], *, actor: Actor
) -> None:
    """Give seats to families that the programme admitted; the training is locked.

    Raises:
        NotInState, SeatsExhausted, CandidateNotFound, NotInProgramme, AlreadyParticipants:
            nobody is seated.
    """
    training.take_seats(len(household_ids))
    await candidates.get_all(uow.session, household_ids, actor=actor)
    await _require_admitted(uow, training, household_ids)
    there = await queries.participants(uow.session, training.id)
    if already := [each for each in household_ids if each in there]:
        raise AlreadyParticipants(training=training.code, count=len(already), household_ids=already)
    uow.add(*(Participant(training_id=training.id, household_id=each) for each in household_ids))


async def _require_admitted(
    uow: UnitOfWork, training: Training, household_ids: Sequence[UUID]
) -> None:
    live = await enrolments.live_of(uow.session, household_ids)
    admitted = {
        household_id
        for household_id, enrolled in live.items()
        for each in enrolled
        if each.programme_id == training.programme_id and each.state in HOLDS_A_PLACE
    }
    if missing := [each for each in household_ids if each not in admitted]:
        raise NotInProgramme(count=len(missing), household_ids=missing)


async def take_attendance(
    uow: UnitOfWork, training: Training, *, day: int, present: Sequence[UUID]
) -> None:
    """Keep who came on a day, in the place of what was kept of it; the training is locked.

    Raises:
        NotInState, DayOutsideTraining, NotParticipants: nothing is kept.
    """
    training.require_running_on(day)
    await _require_participants(uow, training, present)
    of_the_day = (col(Attendance.training_id) == training.id, col(Attendance.day) == day)
    await uow.execute(delete(Attendance).where(*of_the_day))
    if present:
        rows = [{"training_id": training.id, "day": day, "household_id": h} for h in present]
        await uow.execute(insert(Attendance), rows)


async def assess(uow: UnitOfWork, training: Training, scores: Mapping[UUID, int]) -> None:
    """Keep scores (0-100); a later one replaces an earlier. Raises NotInState, NotParticipants."""
    training.require_running()
    there = await _require_participants(uow, training, list(scores))
    for household_id, score in scores.items():
        there[household_id].score = score


async def complete(uow: UnitOfWork, training: Training, *, on: date) -> None:
    """End a training, grade who met its rule, and tell of each."""
    training.complete(on=on)
    days = await queries.attended_days(uow.session, training.id)
    for participant in (await queries.participants(uow.session, training.id)).values():
        attended = days.get(participant.household_id, 0)
        told = participant.finish(training, attended_days=attended, on=on)
        if told is not None:
            uow.publish(told, key=training.id)


async def _require_participants(
    uow: UnitOfWork, training: Training, household_ids: Sequence[UUID]
) -> Mapping[UUID, Participant]:
    there = await queries.participants(uow.session, training.id)
    if strangers := [each for each in household_ids if each not in there]:
        raise NotParticipants(training=training.code, count=len(strangers), household_ids=strangers)
    return there
