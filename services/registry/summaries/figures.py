"""What is counted of the families of a region."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from contracts.registry import AidScheme, HouseholdStatus


@dataclass
class Figures:
    """Families by where they stand; all but `by_status` counts those that are not closed.

    `by_decile` holds None for families that BPS has not ranked.
    """

    by_status: Counter[HouseholdStatus] = field(default_factory=Counter)
    by_decile: Counter[int | None] = field(default_factory=Counter)
    members: int = 0
    adult_women: int = 0
    productive_age: int = 0
    micro_business: int = 0
    graduated_this_year: int = 0
    receiving: Counter[AidScheme] = field(default_factory=Counter)

    @property
    def households(self) -> int:
        """Families that are not closed."""
        return self.by_status.total() - self.by_status[HouseholdStatus.CLOSED]

    @property
    def nothing(self) -> bool:
        """Whether no family was ever here."""
        return self.by_status.total() == 0


def years_before(day: date, years: int) -> date:
    """Return the day of birth of who turns `years` old on a day; of 29 February, on the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
