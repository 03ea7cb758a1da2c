"""PKH's components: whom the programme supports in a family, from when, and until when at most.

Minister of Social Affairs Regulation 1/2018 on PKH, with the ministry's yearly technical
guidelines: health (a pregnant woman, a child of 0-6 years), education (pupils of SD, SMP, SMA aged
6-21 who have not finished twelve years of school), welfare (elderly of 60 and more, severe
disability); at most four persons of a family are supported.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

MOST_PERSONS = 4


class Component(StrEnum):
    """Why PKH supports a person."""

    PREGNANCY = "pregnancy"
    EARLY_CHILDHOOD = "early_childhood"
    PRIMARY_SCHOOL = "primary_school"
    LOWER_SECONDARY_SCHOOL = "lower_secondary_school"
    UPPER_SECONDARY_SCHOOL = "upper_secondary_school"
    SEVERE_DISABILITY = "severe_disability"
    ELDERLY = "elderly"


@dataclass(frozen=True)
class Ages:
    """In years: from the birthday `since` on, and no more from the birthday `until` on."""

    since: int = 0
    until: int | None = None

    def hold(self, born: date, *, on: date) -> bool:
        """Tell whether a person's age is one of these on a day."""
        lapsed = self.until is not None and on >= birthday(born, self.until)
        return birthday(born, self.since) <= on and not lapsed


PUPILS = Ages(since=6, until=22)
AGES: Mapping[Component, Ages] = {
    Component.PREGNANCY: Ages(),
    Component.EARLY_CHILDHOOD: Ages(until=7),
    Component.PRIMARY_SCHOOL: PUPILS,
    Component.LOWER_SECONDARY_SCHOOL: PUPILS,
    Component.UPPER_SECONDARY_SCHOOL: PUPILS,
    Component.SEVERE_DISABILITY: Ages(),
    Component.ELDERLY: Ages(since=60),
}


@dataclass(frozen=True)
class Span:
    """A person supported from a day on and until the day before another; None: no end known."""

    member_id: UUID
    starts_on: date
    ends_on: date | None

    def holds(self, on: date) -> bool:
        """Tell whether the person is supported on a day."""
        return self.starts_on <= on and (self.ends_on is None or on < self.ends_on)


def birthday(born: date, years: int) -> date:
    """Return the day on which a person turns so many years; 28 February for one born on the 29th.

    PostgreSQL adds years to dates in the same way.
    """
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 2, 28)


def most_persons_at_once(spans: Collection[Span]) -> int:
    """Return how many persons are supported on the fullest day."""
    days = {span.starts_on for span in spans}
    return max(
        (len({span.member_id for span in spans if span.holds(day)}) for day in days), default=0
    )
