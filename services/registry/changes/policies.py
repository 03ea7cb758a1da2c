"""The rules of change requests: dated, versioned, never edited; a request keeps its own."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from kernel import clock
from kernel.db import utc_column
from kernel.fields import EARLIEST
from services.registry.db import Table


class Kind(StrEnum):
    """What a request may change."""

    KK_NUMBER = "kk_number"
    DESA = "desa_code"
    STATUS = "status"
    ADDRESS = "address"
    PHONE = "phone"
    NIK = "nik"
    NAME = "name"
    SEX = "sex"
    BIRTH_DATE = "birth_date"


SENSITIVE = (Kind.KK_NUMBER, Kind.DESA, Kind.STATUS, Kind.NIK, Kind.NAME, Kind.SEX, Kind.BIRTH_DATE)
"""What decides who a family is and what it is entitled to."""
FIRST_DAYS_TO_LIVE = 30


@dataclass(frozen=True)
class Rules:
    """What needs a second person from a day on, and how many days a request lives."""

    in_force_from: date
    second_person_for: Collection[Kind]
    days_to_live: int


class ChangePolicy(Table, table=True):
    """A version of the rules, and who set it."""

    __tablename__ = "change_policies"

    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    in_force_from: date
    second_person_for: list[Kind] = Field(sa_type=JSONB)
    days_to_live: int
    made_by: str = Field(max_length=200)
    recorded_at: datetime = Field(default_factory=clock.now, sa_type=utc_column())

    __table_args__ = (sa.CheckConstraint("days_to_live BETWEEN 1 AND 365", name="days_to_live"),)

    def needs_second_person(self, kinds: Collection[Kind]) -> bool:
        """Tell whether a change of these has to be decided by another person."""
        return not set(self.second_person_for).isdisjoint(kinds)

    def expires_at(self, proposed_at: datetime) -> datetime:
        """Return until when a request made at a moment is good."""
        return proposed_at + timedelta(days=self.days_to_live)


def first_policy() -> ChangePolicy:
    """Return the policy that holds before anybody sets another."""
    return ChangePolicy(
        version=1,
        in_force_from=EARLIEST,
        second_person_for=list(SENSITIVE),
        days_to_live=FIRST_DAYS_TO_LIVE,
        made_by="registry",
    )
