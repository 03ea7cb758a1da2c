"""How a family is shown: its numbers masked, without name, address or phone."""

import typing
from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from pydantic import Field

from contracts.registry import HouseholdStatus
from kernel.problems import Language
from kernel.web import View
from services.registry.households.doubts import WORDS
from services.registry.households.identity_numbers import BirthPrecision, Doubt, Sex
from services.registry.households.models import ClosingReason, Member, Warned
from services.registry.households.queries import Family
from services.registry.households.registration import (
    Disability,
    Education,
    MaritalStatus,
    Relation,
)
from services.registry.vault import Seal, Vault


class WarningOut(View):
    """A doubt about one place of the registration; nothing was refused."""

    code: Doubt
    pointer: str
    detail: str


class MemberOut(View):
    """A member without name; `nik` is masked; `synthetic` marks a number no person can have."""

    id: UUID
    nik: str
    sex: Sex
    birth_year: int
    birth_precision: BirthPrecision
    relation: Relation
    occupation: str | None
    education: Education | None
    marital_status: MaritalStatus | None
    disabilities: list[Disability]
    synthetic: bool


class LivelihoodOut(View):
    """What the family can do, and does, for a living."""

    skills: list[str]
    productive_members: int
    micro_business: bool
    business: str | None = None
    assets: list[str] = Field(default_factory=list)


class HouseholdOut(View):
    """A family as its helpers see it: `kk_number` masked, no name, no address, no phone."""

    id: UUID
    version: int
    reference: str
    status: HouseholdStatus
    desa_code: str
    kk_number: str
    registered_on: date
    closed_on: date | None
    closing_reason: ClosingReason | None
    merged_into: UUID | None
    member_count: int
    members: list[MemberOut]
    livelihood: LivelihoodOut | None
    decile: int | None
    decile_cycle: str | None
    facilitator_id: UUID | None
    synthetic: bool
    warnings: list[WarningOut]


Json = typing.Any  # noqa: TID251 - what a row may hold, and JSON
Columns = Mapping[str, Json]
Told = dict[str, Json]

MADE = {"kk_number", "members", "nik", "warnings"}
OF_A_HOUSEHOLD = tuple(name for name in HouseholdOut.model_fields if name not in MADE)
OF_A_MEMBER = tuple(name for name in MemberOut.model_fields if name not in MADE)


def shown(family: Family, *, vault: Vault, language: Language) -> HouseholdOut:
    """Return a family as an answer.

    Raises:
        FamilyErased: what named it was destroyed.
    """
    members = [member_row(member) for member in family.members]
    told = columns(family.household.model_dump(), members, vault=vault, language=language)
    return HouseholdOut.model_validate(told)


def columns(
    household: Columns, members: Sequence[Columns], *, vault: Vault, language: Language
) -> Told:
    """Return what `HouseholdOut` holds, from rows.

    Raises:
        FamilyErased: what named the family was destroyed.
    """
    household_id = household["id"]
    seal = vault.family(household["data_key"], household_id)
    told = {name: household[name] for name in OF_A_HOUSEHOLD}
    told["kk_number"] = seal.masked(
        household["kk_number"], place="households.kk_number", row_id=household_id
    )
    told["members"] = [member_columns(member, seal=seal) for member in members]
    told["warnings"] = [_warning(each, language) for each in household["warnings"]]
    return told


def member_row(member: Member) -> Told:
    """Return the columns of a member, with what is shown of the birth date."""
    return {**member.model_dump(), "birth_year": member.birth_date.year}


def member_columns(member: Columns, *, seal: Seal) -> Told:
    """Return what `MemberOut` holds, from a row."""
    told = {name: member[name] for name in OF_A_MEMBER}
    told["nik"] = seal.masked(member["nik"], place="household_members.nik", row_id=member["id"])
    return told


def _warning(warned: Warned, language: Language) -> dict[str, str]:
    code = Doubt(warned["code"])
    detail = WORDS[code].to(language, {})
    return {"code": code.value, "pointer": warned["pointer"], "detail": detail}
