"""What a request would change, as a flat set of values: `/kk_number`, `/members/<id>/nik`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.registry.changes.policies import Kind
from services.registry.households.registration import ChangeReason, HouseholdIn, MemberIn

Values = dict[str, str | None]
"""A value by its pointer; None: there is none on record."""

OF_A_MEMBER = (Kind.NIK, Kind.NAME, Kind.SEX, Kind.BIRTH_DATE)
OF_A_CARD = (Kind.KK_NUMBER, Kind.DESA, Kind.ADDRESS, Kind.PHONE)


@dataclass(frozen=True)
class Proposal:
    """What a maker asks for, having seen a version of the family."""

    values: Mapping[str, str]
    seen_version: int
    reason: ChangeReason
    changed_on: date


def kind_of(pointer: str) -> Kind:
    """Return what a pointer is about."""
    return Kind(pointer.rpartition("/")[2])


def member_pointer(member_id: UUID, kind: Kind) -> str:
    """Return the pointer of a member's value."""
    return f"/members/{member_id}/{kind}"


def values_of(card: HouseholdIn, members: Iterable[UUID], status: str) -> Values:
    """Return everything about a family that a request may change."""
    told = card.model_dump(mode="json")
    values: Values = {f"/{kind}": told[kind] for kind in OF_A_CARD}
    values[f"/{Kind.STATUS}"] = status
    for member_id, member in zip(members, told["members"], strict=True):
        values |= {member_pointer(member_id, kind): member[kind] for kind in OF_A_MEMBER}
    return values


def overtaken(base: Mapping[str, str | None], now: Mapping[str, str | None]) -> list[str]:
    """Return the pointers whose value is another now than when the request was made."""
    return [pointer for pointer in base if now.get(pointer) != base[pointer]]


def corrected(
    card: HouseholdIn, members: Iterable[UUID], proposed: Mapping[str, str | None]
) -> HouseholdIn:
    """Return the family's card with the proposed values on it; the status is none of a card's."""
    told = {kind.value: proposed.get(f"/{kind}", getattr(card, kind)) for kind in OF_A_CARD}
    persons = [
        _corrected(member, member_id, proposed)
        for member_id, member in zip(members, card.members, strict=True)
    ]
    return HouseholdIn.model_validate({**card.model_dump(), **told, "members": persons})


def _corrected(
    member: MemberIn, member_id: UUID, proposed: Mapping[str, str | None]
) -> dict[str, object]:
    """Return a member's values; a corrected birth date is known to the day."""
    told = {
        kind.value: proposed[pointer]
        for kind in OF_A_MEMBER
        if (pointer := member_pointer(member_id, kind)) in proposed
    }
    exact = {"birth_precision": "day"} if Kind.BIRTH_DATE in told else {}
    return {**member.model_dump(), **told, **exact}
