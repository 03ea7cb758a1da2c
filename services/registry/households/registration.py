"""What one must tell to register a family: the same rules for the API and for a file."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field

from kernel.fields import BusinessDate, Code, DesaCode
from kernel.web import Body
from services.registry.households.identity_numbers import Sex

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


class MemberIn(Body):
    """A person of the family; `nik` has 16 digits."""

    nik: IdentityNumberText
    name: Annotated[str, Field(min_length=1, max_length=200)]
    sex: Sex
    birth_date: BirthDate
    relation: Relation
    occupation: Annotated[str, Field(min_length=1, max_length=100)] | None = None

    def is_adult_woman(self, *, on: date) -> bool:
        """Tell whether the member is a woman of 18 years or more on a day."""
        birthday_to_come = (on.month, on.day) < (self.birth_date.month, self.birth_date.day)
        age = on.year - self.birth_date.year - birthday_to_come
        return self.sex is Sex.FEMALE and age >= ADULT_YEARS


class LivelihoodIn(Body):
    """What the family can do, and does, for a living."""

    skills: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=60)]], Field(max_length=20)
    ]
    productive_members: Annotated[int, Field(ge=0, le=MAX_MEMBERS)]
    micro_business: bool


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


class HouseholdPatch(Body):
    """What changed; what is left out stays, `null` erases an address, phone or livelihood.

    `changed_on` is the day since when it holds; today when left out.
    """

    address: Address | None = None
    phone: Phone | None = None
    desa_code: DesaCode | None = None
    livelihood: LivelihoodIn | None = None
    changed_on: BusinessDate | None = None
