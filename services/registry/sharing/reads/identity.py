"""What names a family, in full: for the registry's own ministry, and for a purpose of its own."""

from datetime import date
from typing import Literal
from uuid import UUID

from kernel.web import View
from services.registry.households.identity_numbers import Sex
from services.registry.households.models import Member
from services.registry.households.queries import Family
from services.registry.households.registration import Relation
from services.registry.sharing.fields import SharedField
from services.registry.vault import Seal, Vault

OwnPurpose = Literal[
    "social_assistance", "empowerment", "verification", "complaint", "subject_request", "audit"
]
IDENTITY_FIELDS = (
    SharedField.KK_NUMBER,
    SharedField.NIK,
    SharedField.NAME,
    SharedField.BIRTH_DATE,
    SharedField.ADDRESS,
    SharedField.PHONE,
)


class PersonOut(View):
    """A member, unmasked."""

    id: UUID
    nik: str
    name: str
    sex: Sex
    birth_date: date
    relation: Relation


class IdentityOut(View):
    """What names a family, unmasked."""

    household_id: UUID
    kk_number: str
    address: str | None
    phone: str | None
    members: list[PersonOut]


def identity_of(family: Family, *, vault: Vault) -> IdentityOut:
    """Return what names a family.

    Raises:
        FamilyErased: it was destroyed.
    """
    household = family.household
    seal = vault.family(household.data_key, household.id)

    def opened(column: str) -> str | None:
        sealed: bytes | None = getattr(household, column)
        if sealed is None:
            return None
        return seal.open(sealed, place=f"households.{column}", row_id=household.id)

    return IdentityOut(
        household_id=household.id,
        kk_number=opened("kk_number") or "",
        address=opened("address"),
        phone=opened("phone"),
        members=[_person(member, seal) for member in family.members],
    )


def _person(member: Member, seal: Seal) -> PersonOut:
    return PersonOut(
        id=member.id,
        nik=seal.open(member.nik, place="household_members.nik", row_id=member.id),
        name=seal.open(member.name, place="household_members.name", row_id=member.id),
        sex=member.sex,
        birth_date=member.birth_date,
        relation=member.relation,
    )
