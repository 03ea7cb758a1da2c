"""From what a sender tells of a family to rows, with everything that names someone sealed."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date
from uuid import UUID

from typing_extensions import TypedDict

from kernel.ids import new_id
from services.registry.households import doubts
from services.registry.households.identity_numbers import BirthPrecision, Sex, parse
from services.registry.households.models import Livelihood, Warned
from services.registry.households.registration import (
    Education,
    HouseholdIn,
    LivelihoodIn,
    MaritalStatus,
    MemberIn,
    Relation,
)
from services.registry.vault import Seal, Vault

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
    livelihood: Livelihood | None
    synthetic: bool
    warnings: list[Warned]
    fingerprint: bytes


class HouseholdRow(Facts):
    """The columns of a new family that have no default.

    A dictionary, not a model: making models took most of a file's time (1.0 ms of 1.5 a family).
    """

    id: UUID
    data_key: bytes
    reference: str
    registered_on: date
    registered_by: str


class MemberRow(TypedDict):
    """The columns of a member."""

    id: UUID
    household_id: UUID
    since_version: int
    position: int
    nik: bytes
    nik_index: bytes
    name: bytes
    sex: Sex
    birth_date: date
    birth_precision: BirthPrecision
    relation: Relation
    occupation: str | None
    education: Education | None
    marital_status: MaritalStatus | None
    disabilities: list[str]
    synthetic: bool


def household(
    told: HouseholdIn, *, household_id: UUID, owners: Owners, vault: Vault, registered_by: str
) -> HouseholdRow:
    """Return the row of a new family, with a data key of its own."""
    data_key = vault.new_family_key(household_id)
    return HouseholdRow(
        id=household_id,
        data_key=data_key,
        reference=told.reference,
        registered_on=told.registered_on,
        registered_by=registered_by,
        **facts(told, Whose(household_id, data_key, vault), owners=owners),
    )


class Whose:
    """The family that a row is of: its id, its seal, and the index that finds its numbers."""

    def __init__(self, household_id: UUID, data_key: bytes | None, vault: Vault) -> None:
        self.id = household_id
        self.seal: Seal = vault.family(data_key, household_id)
        self.index_of = vault.index_of


def facts(told: HouseholdIn, family: Whose, *, owners: Owners) -> Facts:
    """Return the columns that follow what the sender tells."""
    elsewhere = {
        position
        for position, member in enumerate(told.members)
        if owners and owners[family.index_of("nik", member.nik)] - {family.id}
    }
    return Facts(
        kk_number=family.seal.seal(told.kk_number, place="households.kk_number", row_id=family.id),
        kk_index=family.index_of("kk", told.kk_number),
        desa_code=told.desa_code,
        address=address(told.address, family),
        phone=phone(told.phone, family),
        member_count=len(told.members),
        adult_women=sum(member.is_adult_woman(on=told.registered_on) for member in told.members),
        livelihood=livelihood(told.livelihood),
        synthetic=parse(told.kk_number).synthetic,
        warnings=doubts.about(told, known_elsewhere=elsewhere),
        fingerprint=fingerprint(told, family.index_of),
    )


def fingerprint(told: HouseholdIn, index_of: Callable[[str, str], bytes]) -> bytes:
    """Return bytes that are equal when a sender tells the same of a family again."""
    return index_of("household", told.model_dump_json(exclude_defaults=True))


def members(
    told: HouseholdIn, family: Whose, *, since_version: int, known: Mapping[bytes, UUID]
) -> list[MemberRow]:
    """Return the rows of the members; `known` gives the ids of those whom the family had before."""
    return [
        _member(member, family, position=position, since_version=since_version, known=known)
        for position, member in enumerate(told.members)
    ]


def _member(
    told: MemberIn, family: Whose, *, position: int, since_version: int, known: Mapping[bytes, UUID]
) -> MemberRow:
    nik_index = family.index_of("nik", told.nik)
    member_id = known.get(nik_index) or new_id()
    return MemberRow(
        id=member_id,
        household_id=family.id,
        since_version=since_version,
        position=position,
        nik=family.seal.seal(told.nik, place="household_members.nik", row_id=member_id),
        nik_index=nik_index,
        name=family.seal.seal(told.name, place="household_members.name", row_id=member_id),
        sex=told.sex,
        birth_date=told.birth_date,
        birth_precision=told.birth_precision,
        relation=told.relation,
        occupation=told.occupation,
        education=told.education,
        marital_status=told.marital_status,
        disabilities=[each.value for each in told.disabilities],
        synthetic=parse(told.nik).synthetic,
    )


def address(text: str | None, family: Whose) -> bytes | None:
    """Return a sealed address, below the desa."""
    return family.seal.seal_optional(text, place="households.address", row_id=family.id)


def phone(text: str | None, family: Whose) -> bytes | None:
    """Return a sealed phone number."""
    return family.seal.seal_optional(text, place="households.phone", row_id=family.id)


def livelihood(told: LivelihoodIn | None) -> Livelihood | None:
    """Return the profile as its column keeps it."""
    return (
        None
        if told is None
        else Livelihood(
            skills=told.skills,
            productive_members=told.productive_members,
            micro_business=told.micro_business,
            business=told.business,
            assets=told.assets,
        )
    )
