"""What a reader with a permit is shown of a family: the agreement's fields, and no others."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from contracts.registry import HouseholdStatus
from kernel.auth import Actor
from kernel.crypto import mask
from kernel.web import View
from services.registry.households.identity_numbers import BirthPrecision, Sex
from services.registry.households.models import Household, Livelihood, Member
from services.registry.households.registration import (
    Disability,
    Education,
    MaritalStatus,
    Relation,
)
from services.registry.sharing.ages import is_child
from services.registry.sharing.fields import SharedField
from services.registry.sharing.permits import Permit
from services.registry.sharing.tokens import SubjectTokens
from services.registry.vault import Seal, Vault

OF_MEMBERS = {
    SharedField.NIK: "nik",
    SharedField.NAME: "name",
    SharedField.SEX: "sex",
    SharedField.BIRTH_DATE: "birth_date",
    SharedField.BIRTH_YEAR: "birth_year",
    SharedField.RELATION: "relation",
    SharedField.DISABILITY: "disability",
    SharedField.EDUCATION: "education",
    SharedField.MARITAL_STATUS: "marital_status",
}
OF_CHILDREN = {SharedField.SEX, SharedField.BIRTH_YEAR, SharedField.RELATION}
"""All that is given of a person under 18, unless the agreement gives children's data."""


class SharedMember(View):
    """A member; what the agreement does not give is absent."""

    nik: str | None = None
    name: str | None = None
    sex: Sex | None = None
    birth_date: date | None = None
    birth_precision: BirthPrecision | None = None
    birth_year: int | None = None
    relation: Relation | None = None
    disability: list[Disability] | None = None
    education: Education | None = None
    marital_status: MaritalStatus | None = None


class SharedHousehold(View):
    """A family; what the agreement does not give is absent. Without `members`: the head alone."""

    subject_token: str
    household_id: UUID | None = None
    kk_number: str | None = None
    address: str | None = None
    phone: str | None = None
    desa_code: str | None = None
    kabupaten_code: str | None = None
    decile: int | None = None
    status: HouseholdStatus | None = None
    group_size: int | None = None
    members: list[SharedMember] | None = None
    livelihood: Livelihood | None = None
    programmes: list[str] | None = None
    registered_on: date | None = None
    last_updated: datetime | None = None


@dataclass(frozen=True)
class Reader:
    """Who reads, by which permit, and the keys that it takes."""

    actor: Actor
    permit: Permit
    vault: Vault
    tokens: SubjectTokens

    def shown(
        self, household: Household, members: Sequence[Member], *, programmes: Sequence[str]
    ) -> SharedHousehold:
        """Return the family as the permit lets it be shown.

        Raises:
            FamilyErased: what named it was destroyed.
        """
        seal = self.vault.family(household.data_key, household.id)
        token = self.tokens.of(self.permit.organisation, household.id)
        told = dict(self._given(self._facts(household, seal, programmes)))
        shown = list(self._members(members, seal))
        listed = {"members": shown} if shown else {}
        return SharedHousehold(subject_token=token, **told, **listed)

    def _given(self, facts: "Facts") -> Iterator[tuple[str, object]]:
        for field, fact in facts.items():
            if self.permit.gives(field):
                yield field.value, fact()

    def _facts(self, household: Household, seal: Seal, programmes: Sequence[str]) -> "Facts":
        return {
            SharedField.HOUSEHOLD_ID: lambda: household.id,
            SharedField.KK_NUMBER: lambda: self._number(
                SharedField.KK_NUMBER,
                seal.open(household.kk_number, place="households.kk_number", row_id=household.id),
            ),
            SharedField.ADDRESS: lambda: _opened(seal, household, "address"),
            SharedField.PHONE: lambda: self._phone(_opened(seal, household, "phone")),
            SharedField.DESA_CODE: lambda: household.desa_code,
            SharedField.KABUPATEN_CODE: lambda: household.kabupaten_code,
            SharedField.DECILE: lambda: household.decile,
            SharedField.STATUS: lambda: household.status,
            SharedField.GROUP_SIZE: lambda: household.member_count,
            SharedField.LIVELIHOOD: lambda: household.livelihood,
            SharedField.PROGRAMMES: lambda: list(programmes),
            SharedField.REGISTERED_ON: lambda: household.registered_on,
            SharedField.LAST_UPDATED: lambda: household.changed_at,
        }

    def _members(self, members: Sequence[Member], seal: Seal) -> Iterator[SharedMember]:
        given = OF_MEMBERS.keys() & self.permit.fields
        for member in members if given else ():
            if self.permit.gives(SharedField.MEMBERS) or member.relation is Relation.HEAD:
                grown = self.permit.children or not is_child(member.birth_date, on=self.permit.on)
                yield self._member(member, seal, given if grown else given & OF_CHILDREN)

    def _member(self, member: Member, seal: Seal, given: set[SharedField]) -> SharedMember:
        known = member.model_dump(exclude={"nik", "name"})
        told = {
            **known,
            "birth_year": member.birth_date.year,
            "disability": member.disabilities,
        }
        for field in given & {SharedField.NIK, SharedField.NAME}:
            sealed = getattr(member, field.value)
            place = f"household_members.{field.value}"
            told[field.value] = self._number(
                field, seal.open(sealed, place=place, row_id=member.id)
            )
        names = {OF_MEMBERS[field] for field in given}
        if SharedField.BIRTH_DATE in given:
            names.add("birth_precision")
        return SharedMember(**{name: told[name] for name in names})

    def _number(self, field: SharedField, text: str) -> str:
        return mask(text) if self.permit.masks(field, self.actor) else text

    def _phone(self, text: str | None) -> str | None:
        if text is None or not self.permit.masks(SharedField.PHONE, self.actor):
            return text
        return mask(text, head=2, tail=2)


Facts = Mapping[SharedField, Callable[[], object]]


def _opened(seal: Seal, household: Household, column: str) -> str | None:
    sealed = getattr(household, column)
    if sealed is None:
        return None
    return seal.open(sealed, place=f"households.{column}", row_id=household.id)
