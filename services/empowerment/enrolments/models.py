"""A family in a programme."""

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from pydantic import JsonValue
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from contracts.empowerment import EnrolmentActivated, EnrolmentCompleted
from kernel.db import Aggregate, state_column
from services.empowerment.db import Table
from services.empowerment.enrolments.lifecycle import EnrolmentLifecycle, State
from services.empowerment.enrolments.problems import MoveTooEarly
from services.empowerment.programmes.models import Programme

Told = EnrolmentActivated | EnrolmentCompleted | None


class Verb(StrEnum):
    """What may be done with an enrolment."""

    APPROVE = "approve"
    REJECT = "reject"
    ACTIVATE = "activate"
    COMPLETE = "complete"
    WITHDRAW = "withdraw"


DECISIONS = frozenset({Verb.APPROVE, Verb.REJECT})
"""Moves that take the right to decide, not only to write."""


class Enrolment(Aggregate, Table, table=True):
    """A family's way through a programme, with the explanation it was proposed on."""

    __table_args__ = (
        sa.Index(
            "uq_enrolment_live",
            "programme_id",
            "household_id",
            unique=True,
            postgresql_where=sa.text("state NOT IN ('rejected', 'withdrawn')"),
        ),
        sa.Index(None, "household_id"),
    )

    programme_id: UUID = Field(foreign_key="programme.id")
    household_id: UUID = Field(foreign_key="candidate.id")
    state: State = Field(default=State.PROPOSED, sa_type=state_column(State))
    eligibility: list[JsonValue] = Field(sa_type=JSONB)
    proposed_on: date
    moved_on: date
    reason: str | None = None

    def approve(self, programme: Programme, *, on: date, reason: str | None) -> None:
        """Take one of the programme's places; both rows are locked.

        Raises:
            ProgrammeNotOpen, ProgrammeOver, QuotaExhausted: there is no place.
        """
        state = EnrolmentLifecycle.approve(self.state)
        self._require_later(on)
        programme.require_open(on=on)
        programme.take_place()
        self._move(state, on=on, reason=reason)

    def reject(self, programme: Programme, *, on: date, reason: str | None) -> None:
        """Decline the proposal."""
        state = EnrolmentLifecycle.reject(self.state)
        self._require_later(on)
        self._move(state, on=on, reason=reason)

    def activate(self, programme: Programme, *, on: date, reason: str | None) -> EnrolmentActivated:
        """Let the family begin."""
        state = EnrolmentLifecycle.activate(self.state)
        self._require_later(on)
        self._move(state, on=on, reason=reason)
        return EnrolmentActivated(
            enrolment_id=self.id,
            household_id=self.household_id,
            programme_id=self.programme_id,
            scheme=programme.scheme,
            activated_on=on,
        )

    def complete(self, programme: Programme, *, on: date, reason: str | None) -> EnrolmentCompleted:
        """Say that the family finished the programme; it keeps its place."""
        state = EnrolmentLifecycle.complete(self.state)
        self._require_later(on)
        self._move(state, on=on, reason=reason)
        return EnrolmentCompleted(
            enrolment_id=self.id,
            household_id=self.household_id,
            programme_id=self.programme_id,
            completed_on=on,
        )

    def withdraw(self, programme: Programme, *, on: date, reason: str | None) -> None:
        """Leave the programme; a place that was taken is free again. Both rows are locked."""
        held_a_place = self.state is not State.PROPOSED
        state = EnrolmentLifecycle.withdraw(self.state)
        self._require_later(on)
        if held_a_place:
            programme.give_back_place()
        self._move(state, on=on, reason=reason)

    def move(self, verb: Verb, programme: Programme, *, on: date, reason: str | None) -> Told:
        """Do what the verb says."""
        moves: dict[Verb, Callable[..., Told]] = {
            Verb.APPROVE: self.approve,
            Verb.REJECT: self.reject,
            Verb.ACTIVATE: self.activate,
            Verb.COMPLETE: self.complete,
            Verb.WITHDRAW: self.withdraw,
        }
        return moves[verb](programme, on=on, reason=reason)

    def _require_later(self, on: date) -> None:
        if on < self.moved_on:
            raise MoveTooEarly(enrolment_id=self.id, moved_on=self.moved_on)

    def _move(self, state: State, *, on: date, reason: str | None) -> None:
        self.state, self.moved_on, self.reason = state, on, reason or self.reason
