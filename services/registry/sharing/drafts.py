"""What one must tell to agree on sharing."""

from datetime import date
from typing import Annotated

from pydantic import Field

from kernel.fields import BusinessDate, Code, Name, RegionCode
from kernel.web import Body, View
from services.registry.sharing.fields import SharedField

Purpose = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$", examples=["empowerment", "social_assistance"])
]
"""What data is used for: a code of the agreement, never free text."""

Organisation = Annotated[
    str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$", examples=["kemenperin"])
]


class GrantIn(Body):
    """What one purpose is given.

    NIK, KK number and phone are masked unless named in `full` as well, and then read with the
    scope `pii:read`. Without `children`, of a person under 18 only sex, birth year and relation
    are given: a child's data is specific personal data (UU PDP 27/2022, article 4). Disability is
    such data too. `regions`: code prefixes, none for the whole country. `bulk`: lists, not only
    one family at a time. `needs_consent`: families that consent, and no others.
    """

    purpose: Purpose
    fields: Annotated[list[SharedField], Field(min_length=1, max_length=len(SharedField))]
    full: Annotated[list[SharedField], Field(max_length=3)] = Field(default_factory=list)
    regions: Annotated[list[RegionCode], Field(max_length=100)] = Field(default_factory=list)
    bulk: bool = False
    needs_consent: bool = True
    children: bool = False


class TermsIn(Body):
    """What the parties agree on."""

    title: Name
    parties: Annotated[list[Organisation], Field(min_length=1, max_length=20)]
    legal_basis: Annotated[str, Field(min_length=1, max_length=500)]
    starts_on: BusinessDate
    ends_on: BusinessDate
    grants: Annotated[list[GrantIn], Field(min_length=1, max_length=20)]


class AgreementIn(TermsIn):
    """An agreement; `number` is that of the signed paper."""

    number: Code


class GrantOut(View):
    """What one purpose is given."""

    purpose: str
    fields: list[SharedField]
    full: list[SharedField]
    regions: list[str]
    bulk: bool
    needs_consent: bool
    children: bool


class TermsOut(View):
    """What the parties agreed on, for good under this number."""

    number: int
    title: str
    parties: list[str]
    legal_basis: str
    starts_on: date
    ends_on: date
    grants: list[GrantOut]
    proposed_by: str
