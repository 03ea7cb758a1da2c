"""Trainings, who takes part, who came on which day, and what they learned."""

from datetime import date, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from contracts.empowerment import SkillGrade, TrainingCompleted
from kernel.db import Aggregate, state_column
from services.empowerment.db import Table
from services.empowerment.trainings.grading import explain, grade_of
from services.empowerment.trainings.lifecycle import State, TrainingLifecycle
from services.empowerment.trainings.problems import (
    CompletedTooEarly,
    DayOutsideTraining,
    NobodyTakesPart,
    NotInState,
    SeatsExhausted,
)


class Training(Aggregate, Table, table=True):
    """A course given once, in one desa, for families of a programme."""

    __table_args__ = (
        sa.CheckConstraint("seats_taken BETWEEN 0 AND seats", name="seats_kept"),
        sa.CheckConstraint("required_days BETWEEN 1 AND days", name="required_days_possible"),
        sa.CheckConstraint("pass_score BETWEEN 1 AND 100", name="pass_score_in_range"),
    )

    code: str = Field(unique=True)
    programme_id: UUID = Field(foreign_key="programme.id")
    course_code: str
    skill: str
    desa_code: str = Field(index=True)
    starts_on: date
    days: int
    seats: int
    seats_taken: int = 0
    required_days: int
    pass_score: int
    state: State = Field(default=State.PLANNED, sa_type=state_column(State))
    completed_on: date | None = None
    cancellation_reason: str | None = None

    def take_seats(self, count: int) -> None:
        """Give seats to families; the row is locked. Raises NotInState, SeatsExhausted."""
        self._require(State.PLANNED)
        if self.seats_taken + count > self.seats:
            raise SeatsExhausted(training=self.code, seats=self.seats, left=self._left())
        self.seats_taken += count

    def start(self) -> None:
        """Begin; raises NobodyTakesPart."""
        state = TrainingLifecycle.start(self.state)
        if self.seats_taken == 0:
            raise NobodyTakesPart(training=self.code)
        self.state = state

    def require_running_on(self, day: int) -> None:
        """Guard the list of one day (the first is 1); raises NotInState, DayOutsideTraining."""
        self._require(State.RUNNING)
        if day > self.days:
            raise DayOutsideTraining(training=self.code, days=self.days)

    def require_running(self) -> None:
        """Guard the marks; raises NotInState."""
        self._require(State.RUNNING)

    def complete(self, *, on: date) -> None:
        """End it, after its last day; raises CompletedTooEarly."""
        state = TrainingLifecycle.complete(self.state)
        last = self.starts_on + timedelta(days=self.days - 1)
        if on < last:
            raise CompletedTooEarly(training=self.code, last_day=last)
        self.state, self.completed_on = state, on

    def cancel(self, *, reason: str) -> None:
        """Call it off."""
        self.state = TrainingLifecycle.cancel(self.state)
        self.cancellation_reason = reason

    def _left(self) -> int:
        return self.seats - self.seats_taken

    def _require(self, state: State) -> None:
        if self.state is not state:
            raise NotInState(training=self.code, current=self.state, wanted=state)


class Participant(Table, table=True):
    """A family's maker in a training; `grade` is set when it passed."""

    __tablename__ = "training_participant"
    __table_args__ = (
        sa.CheckConstraint("score BETWEEN 0 AND 100", name="score_in_range"),
        sa.Index(None, "household_id"),
    )

    training_id: UUID = Field(primary_key=True, foreign_key="training.id")
    household_id: UUID = Field(primary_key=True, foreign_key="candidate.id")
    score: int | None = None
    grade: SkillGrade | None = Field(default=None, sa_type=state_column(SkillGrade))

    def finish(
        self, training: Training, *, attended_days: int, on: date
    ) -> TrainingCompleted | None:
        """Grade the participant; None when the course's rule is not met."""
        findings = explain(
            attended_days=attended_days,
            score=self.score,
            required_days=training.required_days,
            pass_score=training.pass_score,
        )
        if self.score is None or not all(finding.passed for finding in findings):
            return None
        self.grade = grade_of(self.score)
        return TrainingCompleted(
            training_id=training.id,
            household_id=self.household_id,
            course_code=training.course_code,
            skill=training.skill,
            grade=self.grade,
            completed_on=on,
        )


class Attendance(Table, table=True):
    """A family's maker was there on one day of a training."""

    __tablename__ = "training_attendance"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["training_id", "household_id"],
            ["training_participant.training_id", "training_participant.household_id"],
        ),
        sa.CheckConstraint("day >= 1", name="day_counts_from_one"),
    )

    training_id: UUID = Field(primary_key=True)
    day: int = Field(primary_key=True)
    household_id: UUID = Field(primary_key=True)
