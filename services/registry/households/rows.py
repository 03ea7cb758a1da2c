"""From what a sender tells of a family to rows, with everything that names someone sealed."""

from collections import defaultdict
from datetime import date
from uuid import UUID

from typing_extensions import TypedDict

from kernel.ids import new_id
from services.registry.households import doubts
from services.registry.households.identity_numbers import Sex, parse
from services.registry.households.models import Livelihood, Warned
from services.registry.households.registration import (
    HouseholdIn,
    LivelihoodIn,
    MemberIn,
    Relation,
)
from services.registry.vault import Vault

Owners = defaultdict[bytes, set[UUID]]
"""Which families name a person, by the blind index of the NIK."""


class Facts(TypedDict):
    """What a sender tells of a family each time, as its row keeps it."""

    kk_number: bytes
    kk_index: bytes
    desa_code: str
    address: bytes | None
    phone: bytes | None
    member_count: int
    adult_women: int
    synthetic: bool
    warnings: list[Warned]
    fingerprint: bytes


class HouseholdRow(Facts):
    """The columns of a new family that have no default.

    A dictionary, not a model: making models took most of a file's time (1.0 ms of 1.5 a family).
    """

    id: UUID
    reference: str
    registered_on: date
    registered_by: str
    livelihood: Livelihood | None


class MemberRow(TypedDict):
    """The columns of a member."""

    id: UUID
    household_id: UUID
    position: int
    nik: bytes
    nik_index: bytes
    name: bytes
    sex: Sex
    birth_date: date
    relation: Relation
    occupation: str | None
    synthetic: bool


def household(
    told: HouseholdIn, *, household_id: UUID, owners: Owners, vault: Vault, registered_by: str
) -> HouseholdRow:
    """Return the row of a new family."""
    return HouseholdRow(
        id=household_id,
        reference=told.reference,
        registered_on=told.registered_on,
        registered_by=registered_by,
        livelihood=livelihood(told.livelihood),
        **facts(told, household_id=household_id, owners=owners, vault=vault),
    )


def facts(told: HouseholdIn, *, household_id: UUID, owners: Owners, vault: Vault) -> Facts:
    """Return the columns that follow what the sender tells."""
    adult_women = sum(member.is_adult_woman(on=told.registered_on) for member in told.members)
    kk_number = vault.seal(told.kk_number, place="households.kk_number", row_id=household_id)
    elsewhere = {
        position
        for position, member in enumerate(told.members)
        if owners[vault.index_of("nik", member.nik)] - {household_id}
    }
    return Facts(
        kk_number=kk_number,
        kk_index=vault.index_of("kk", told.kk_number),
        desa_code=told.desa_code,
        address=address(told.address, household_id=household_id, vault=vault),
        phone=phone(told.phone, household_id=household_id, vault=vault),
        member_count=len(told.members),
        adult_women=adult_women,
        synthetic=parse(told.kk_number).synthetic,
        warnings=doubts.about(told, known_elsewhere=elsewhere),
        fingerprint=fingerprint(told, vault=vault),
    )


def fingerprint(told: HouseholdIn, *, vault: Vault) -> bytes:
    """Return bytes that are equal when a sender tells the same of a family again."""
    return vault.index_of("household", told.model_dump_json(exclude={"livelihood"}))


def members(
    told: HouseholdIn, *, household_id: UUID, vault: Vault, known: dict[bytes, UUID]
) -> list[MemberRow]:
    """Return the rows of the members; `known` gives the ids of those whom the family had before."""
    return [
        _member(member, position=position, household_id=household_id, vault=vault, known=known)
        for position, member in enumerate(told.members)
    ]


def _member(
    told: MemberIn, *, position: int, household_id: UUID, vault: Vault, known: dict[bytes, UUID]
) -> MemberRow:
    nik_index = vault.index_of("nik", told.nik)
    member_id = known.get(nik_index) or new_id()
    return MemberRow(
        id=member_id,
        household_id=household_id,
        position=position,
        nik=vault.seal(told.nik, place="household_members.nik", row_id=member_id),
        nik_index=nik_index,
        name=vault.seal(told.name, place="household_members.name", row_id=member_id),
        sex=told.sex,
        birth_date=told.birth_date,
        relation=told.relation,
        occupation=told.occupation,
        synthetic=parse(told.nik).synthetic,
    )


def address(text: str | None, *, household_id: UUID, vault: Vault) -> bytes | None:
    """Return a sealed address, below the desa."""
    return vault.seal_optional(text, place="households.address", row_id=household_id)


def phone(text: str | None, *, household_id: UUID, vault: Vault) -> bytes | None:
    """Return a sealed phone number."""
    return vault.seal_optional(text, place="households.phone", row_id=household_id)


def livelihood(told: LivelihoodIn | None) -> Livelihood | None:
    """Return the profile as its column keeps it."""
    if told is None:
        return None
    return Livelihood(
        skills=told.skills,
        productive_members=told.productive_members,
        micro_business=told.micro_business,
    )
