"""Programmes: who runs them, for whom, and how many places they have."""

from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from pydantic import JsonValue
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from kernel.db import Aggregate, state_column
from services.empowerment.candidates.models import Candidate
from services.empowerment.db import Table
from services.empowerment.findings import Finding
from services.empowerment.programmes.eligibility import RULES, explain
from services.empowerment.programmes.lifecycle import ProgrammeLifecycle, State
from services.empowerment.programmes.problems import (
    ProgrammeNotOpen,
    ProgrammeOver,
    QuotaExhausted,
)


class Scheme(StrEnum):
    """The kinds of programme."""

    KAMPUNG_BERDAYA = "kampung_berdaya"
    KUBE = "kube"
    PENA = "pena"
    INDUSTRIAL_ENTREPRENEURS = "industrial_entrepreneurs"
    E_SMART_IKM = "e_smart_ikm"
    COACHING = "coaching"


class Programme(Aggregate, Table, table=True):
    """A programme with a number of places; a place is taken at approval, and given back."""

    __table_args__ = (
        sa.CheckConstraint("places_taken BETWEEN 0 AND quota", name="quota_kept"),
        sa.CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
    )

    code: str = Field(unique=True)
    name: str
    owner_agency_code: str
    scheme: Scheme = Field(sa_type=state_column(Scheme))
    eligibility: list[JsonValue] = Field(sa_type=JSONB)
    quota: int
    places_taken: int = 0
    starts_on: date
    ends_on: date
    state: State = Field(default=State.DRAFT, sa_type=state_column(State))

    def open(self) -> None:
        """Begin to take families."""
        self.state = ProgrammeLifecycle.open(self.state)

    def close(self) -> None:
        """Take no more families; those inside go on."""
        self.state = ProgrammeLifecycle.close(self.state)

    def explain(self, family: Candidate) -> list[Finding]:
        """Answer every rule of eligibility for a family."""
        return explain(RULES.validate_python(self.eligibility), family)

    def require_open(self, *, on: date) -> None:
        """Guard what only an open programme does; raises ProgrammeNotOpen, ProgrammeOver."""
        if self.state is not State.OPEN:
            raise ProgrammeNotOpen(programme=self.code, current=self.state)
        if on > self.ends_on:
            raise ProgrammeOver(programme=self.code, ends_on=self.ends_on)

    def take_place(self) -> None:
        """Give a family a place; the row is locked. Raises QuotaExhausted."""
        if self.places_taken >= self.quota:
            raise QuotaExhausted(programme=self.code, quota=self.quota)
        self.places_taken += 1

    def give_back_place(self) -> None:
        """Let another family have the place."""
        self.places_taken -= 1
