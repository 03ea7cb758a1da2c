"""What is asked of trainings and their participants."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kernel.auth import Actor
from kernel.pagination import PageRequest, Rows
from services.empowerment.areas import in_region, visible
from services.empowerment.fields import MOST_AT_ONCE
from services.empowerment.trainings.lifecycle import State
from services.empowerment.trainings.models import Attendance, Participant, Training
from services.empowerment.trainings.problems import TrainingNotFound


async def get(
    session: AsyncSession, training_id: UUID, *, actor: Actor, lock: bool = False
) -> Training:
    """Return a training; raises TrainingNotFound."""
    training = await session.get(Training, training_id, with_for_update=lock or None)
    if training is None or not actor.sees_region(training.desa_code):
        raise TrainingNotFound(training_id=training_id)
    return training


async def find(session: AsyncSession, code: str) -> Training | None:
    """Return the training with this code."""
    return (await session.exec(select(Training).where(Training.code == code))).one_or_none()


async def list_(
    session: AsyncSession,
    page: PageRequest,
    *,
    actor: Actor,
    programme_id: UUID | None,
    state: State | None,
    region: str | None,
    code: str | None,
) -> Rows[Training]:
    """Return trainings."""
    query = select(Training).where(visible(col(Training.desa_code), actor))
    query = query.where(Training.programme_id == programme_id) if programme_id else query
    query = query.where(Training.state == state) if state else query
    query = query.where(in_region(col(Training.desa_code), region)) if region else query
    query = query.where(Training.code == code) if code else query
    return await page.rows(session, query, Training)


async def participants(session: AsyncSession, training_id: UUID) -> Mapping[UUID, Participant]:
    """Return who takes part, by family."""
    query = (
        select(Participant)
        .where(Participant.training_id == training_id)
        .order_by(col(Participant.household_id))
        .limit(MOST_AT_ONCE)
    )
    return {each.household_id: each for each in (await session.exec(query)).all()}


async def attended_days(session: AsyncSession, training_id: UUID) -> Mapping[UUID, int]:
    """Return on how many days each family came; who never came is missing."""
    query = (
        select(Attendance.household_id, sa.func.count())
        .where(Attendance.training_id == training_id)
        .group_by(col(Attendance.household_id))
    )
    return dict((await session.exec(query)).all())


async def passed_by(
    session: AsyncSession, household_ids: Sequence[UUID], *, on: date
) -> Mapping[UUID, int]:
    """Return how many trainings each of these families had passed by a day; none is missing."""
    query = (
        select(Participant.household_id, sa.func.count())
        .join(Training, col(Training.id) == col(Participant.training_id))
        .where(
            col(Participant.household_id).in_(household_ids),
            col(Participant.grade).is_not(None),
            col(Training.completed_on) <= on,
        )
        .group_by(col(Participant.household_id))
    )
    return dict((await session.exec(query)).all())
