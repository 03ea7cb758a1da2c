"""What one must tell to register a family: the same rules for the API and for a file."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field

from kernel.fields import BusinessDate, Code, DesaCode
from kernel.web import Body
from services.registry.households.identity_numbers import BirthPrecision, Sex

ADULT_YEARS = 18
EARLIEST_BIRTH, LATEST_BIRTH = date(1900, 1, 1), date(2100, 12, 31)
MAX_MEMBERS = 30


def _alive_today(day: date) -> date:
    if not EARLIEST_BIRTH <= day <= LATEST_BIRTH:
        raise ValueError(f"between {EARLIEST_BIRTH} and {LATEST_BIRTH}")
    return day


IdentityNumberText = Annotated[str, Field(pattern=r"^[0-9]{16}$", examples=["3302054107900000"])]
BirthDate = Annotated[date, AfterValidator(_alive_today)]
Phone = Annotated[str, Field(pattern=r"^\+?[0-9][0-9 -]{5,19}$", examples=["081200000000"])]
Address = Annotated[str, Field(min_length=1, max_length=500)]


class Relation(StrEnum):
    """A member's relation to the family's head."""

    HEAD = "head"
    SPOUSE = "spouse"
    CHILD = "child"
    PARENT = "parent"
    OTHER = "other"


class Education(StrEnum):
    """The highest school completed: SD, SMP, SMA or SMK, diploma, university."""

    NONE = "none"
    PRIMARY = "sd"
    LOWER_SECONDARY = "smp"
    UPPER_SECONDARY = "sma"
    DIPLOMA = "diploma"
    UNIVERSITY = "university"


class MaritalStatus(StrEnum):
    """As the family card writes it."""

    SINGLE = "single"
    MARRIED = "married"
    DIVORCED = "divorced"
    WIDOWED = "widowed"


class Disability(StrEnum):
    """The kinds of Law 8/2016, article 4; a person may have several."""

    PHYSICAL = "physical"
    INTELLECTUAL = "intellectual"
    MENTAL = "mental"
    SENSORY = "sensory"


class MemberIn(Body):
    """A person of the family; `nik` has 16 digits; `birth_precision` tells an approximate date."""

    nik: IdentityNumberText
    name: Annotated[str, Field(min_length=1, max_length=200)]
    sex: Sex
    birth_date: BirthDate
    birth_precision: BirthPrecision = BirthPrecision.DAY
    relation: Relation
    occupation: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    education: Education | None = None
    marital_status: MaritalStatus | None = None
    disabilities: Annotated[list[Disability], Field(max_length=4)] = Field(default_factory=list)

    def is_adult_woman(self, *, on: date) -> bool:
        """Tell whether the member is a woman of 18 years or more on a day."""
        birthday_to_come = (on.month, on.day) < (self.birth_date.month, self.birth_date.day)
        age = on.year - self.birth_date.year - birthday_to_come
        return self.sex is Sex.FEMALE and age >= ADULT_YEARS


Words = Annotated[list[Annotated[str, Field(min_length=1, max_length=60)]], Field(max_length=20)]


class LivelihoodIn(Body):
    """What the family can do, and does, for a living.

    `productive_members`: how many can work, as the family says. `micro_business`: it sells
    something already; `business` says what, `assets` what it works with.
    """

    skills: Words
    productive_members: Annotated[int, Field(ge=0, le=MAX_MEMBERS)]
    micro_business: bool
    business: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    assets: Words = Field(default_factory=list)


class HouseholdIn(Body):
    """A family; `reference` is the sender's number for it, `kk_number` its family card."""

    reference: Code
    kk_number: IdentityNumberText
    desa_code: DesaCode
    address: Address | None = None
    phone: Phone | None = None
    registered_on: BusinessDate
    members: Annotated[list[MemberIn], Field(min_length=1, max_length=MAX_MEMBERS)]
    livelihood: LivelihoodIn | None = None


class ChangeReason(StrEnum):
    """Why a family's record changes."""

    CHANGED = "changed"
    MOVED = "moved"
    CORRECTED = "corrected"
    HOME_VISIT = "home_visit"
    FAMILY_TOLD = "family_told"


class HouseholdPatch(Body):
    """What changed; what is left out stays, `null` erases an address, phone or livelihood.

    `changed_on` is the day since when it holds, today when left out; `reason` goes into the
    history.
    """

    address: Address | None = None
    phone: Phone | None = None
    desa_code: DesaCode | None = None
    livelihood: LivelihoodIn | None = None
    changed_on: BusinessDate | None = None
    reason: ChangeReason = ChangeReason.CHANGED
