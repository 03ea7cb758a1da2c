"""Trainings over HTTP."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Response
from pydantic import AfterValidator, Field

from contracts.empowerment import SkillGrade
from kernel.fields import BusinessDate, Code, DesaCode, Name, RegionCode
from kernel.pagination import Page, PageQuery
from kernel.web import Body, Uow, View, slice_router
from services.empowerment import areas
from services.empowerment.fields import MOST_AT_ONCE, HouseholdIds, Reason
from services.empowerment.findings import Finding
from services.empowerment.trainings import actions, queries
from services.empowerment.trainings.access import MayRead, MayWrite
from services.empowerment.trainings.grading import explain
from services.empowerment.trainings.lifecycle import State
from services.empowerment.trainings.models import Participant, Training

router = slice_router("/trainings", tag="trainings")

DayNumber = Annotated[int, Field(ge=1, le=60)]
Score = Annotated[int, Field(ge=0, le=100)]


class TrainingIn(Body):
    """A training to plan; it is passed by `required_days` of attendance and `pass_score`."""

    code: Code
    programme_id: UUID
    course_code: Code
    skill: Name
    desa_code: DesaCode
    starts_on: BusinessDate
    days: DayNumber = 3
    seats: Annotated[int, Field(ge=1, le=MOST_AT_ONCE)]
    required_days: DayNumber = 3
    pass_score: Annotated[int, Field(ge=1, le=100)] = 60


class ParticipantsIn(Body):
    """Families to seat."""

    household_ids: HouseholdIds


class AttendanceIn(Body):
    """Who came on a day of the training; the first day is 1."""

    day: DayNumber
    present: Annotated[list[UUID], Field(max_length=MOST_AT_ONCE)]


class ResultIn(Body):
    """A family's score."""

    household_id: UUID
    score: Score


def _one_score_each(results: list[ResultIn]) -> list[ResultIn]:
    if len({result.household_id for result in results}) != len(results):
        raise ValueError("one score a family")
    return results


class AssessmentsIn(Body):
    """Scores of the final assessment."""

    results: Annotated[
        list[ResultIn],
        Field(min_length=1, max_length=MOST_AT_ONCE),
        AfterValidator(_one_score_each),
    ]


class CompletionIn(Body):
    """The day on which the training was finished."""

    completed_on: BusinessDate


class CancellationIn(Body):
    """Why it is called off."""

    reason: Reason


class TrainingOut(View):
    """A training."""

    id: UUID
    version: int
    code: str
    programme_id: UUID
    course_code: str
    skill: str
    desa_code: str
    starts_on: date
    days: int
    seats: int
    seats_taken: int
    required_days: int
    pass_score: int
    state: State
    completed_on: date | None


class ParticipantOut(View):
    """A family in a training; `reasons` tell why it passes, or not yet."""

    household_id: UUID
    attended_days: int
    score: int | None
    grade: SkillGrade | None
    passed: bool
    reasons: list[Finding]


class TrainingWithParticipants(TrainingOut):
    """A training and who takes part."""

    participants: list[ParticipantOut]


@router.post("", status_code=201, response_model=TrainingOut)
async def plan_training(
    body: TrainingIn, actor: MayWrite, uow: Uow, response: Response
) -> Training:
    """Plan a training for families of a programme."""
    areas.require(actor, body.desa_code)
    training = Training(**body.model_dump())
    await actions.plan(uow, training)
    response.headers["Location"] = f"/v1/trainings/{training.id}"
    return training


@router.get("", response_model=Page[TrainingOut])
async def list_trainings(
    actor: MayRead,
    uow: Uow,
    page: PageQuery,
    programme_id: UUID | None = None,
    state: State | None = None,
    region: RegionCode | None = None,
    code: Code | None = None,
) -> object:
    """List trainings."""
    return await queries.list_(
        uow.session,
        page,
        actor=actor,
        programme_id=programme_id,
        state=state,
        region=region,
        code=code,
    )


@router.get("/{training_id}")
async def read_training(training_id: UUID, actor: MayRead, uow: Uow) -> TrainingWithParticipants:
    """Show a training, who takes part, and why each passed or did not."""
    training = await queries.get(uow.session, training_id, actor=actor)
    there = await queries.participants(uow.session, training.id)
    days = await queries.attended_days(uow.session, training.id)
    participants = [
        _participant(training, each, attended_days=days.get(each.household_id, 0))
        for each in there.values()
    ]
    uow.shown = training.version
    shown = TrainingOut.model_validate(training).model_dump()
    return TrainingWithParticipants.model_validate({**shown, "participants": participants})


@router.post("/{training_id}/participants", response_model=TrainingOut)
async def seat_participants(
    training_id: UUID, body: ParticipantsIn, actor: MayWrite, uow: Uow
) -> Training:
    """Seat families that the programme admitted; all of them or none."""
    training = await queries.get(uow.session, training_id, actor=actor, lock=True)
    await actions.seat(uow, training, body.household_ids, actor=actor)
    return training


@router.post("/{training_id}/start", response_model=TrainingOut)
async def start_training(training_id: UUID, actor: MayWrite, uow: Uow) -> Training:
    """Begin."""
    training = await queries.get(uow.session, training_id, actor=actor, lock=True)
    training.start()
    return training


@router.post("/{training_id}/attendance", response_model=TrainingOut)
async def take_attendance(
    training_id: UUID, body: AttendanceIn, actor: MayWrite, uow: Uow
) -> Training:
    """Keep who came on a day; sending the day again replaces its list."""
    training = await queries.get(uow.session, training_id, actor=actor, lock=True)
    await actions.take_attendance(uow, training, day=body.day, present=sorted(set(body.present)))
    return training


@router.post("/{training_id}/assessments", response_model=TrainingOut)
async def assess_participants(
    training_id: UUID, body: AssessmentsIn, actor: MayWrite, uow: Uow
) -> Training:
    """Keep the scores of the assessment."""
    training = await queries.get(uow.session, training_id, actor=actor, lock=True)
    await actions.assess(uow, training, {r.household_id: r.score for r in body.results})
    return training


@router.post("/{training_id}/complete", response_model=TrainingOut)
async def complete_training(
    training_id: UUID, body: CompletionIn, actor: MayWrite, uow: Uow
) -> Training:
    """Grade everybody who met the course's rule: A from 85, B from 70, C from the pass score."""
    training = await queries.get(uow.session, training_id, actor=actor, lock=True)
    await actions.complete(uow, training, on=body.completed_on)
    return training


@router.post("/{training_id}/cancel", response_model=TrainingOut)
async def cancel_training(
    training_id: UUID, body: CancellationIn, actor: MayWrite, uow: Uow
) -> Training:
    """Call the training off."""
    training = await queries.get(uow.session, training_id, actor=actor, lock=True)
    training.cancel(reason=body.reason)
    return training


def _participant(
    training: Training, participant: Participant, *, attended_days: int
) -> ParticipantOut:
    reasons = explain(
        attended_days=attended_days,
        score=participant.score,
        required_days=training.required_days,
        pass_score=training.pass_score,
    )
    return ParticipantOut(
        household_id=participant.household_id,
        attended_days=attended_days,
        score=participant.score,
        grade=participant.grade,
        passed=participant.grade is not None,
        reasons=list(reasons),
    )
