"""Families and persons as the standard's records, made of what the agreement lets be shown."""

from collections.abc import Sequence

from pydantic import JsonValue

from services.registry.dci.messages import Record
from services.registry.households.models import Household, Member
from services.registry.households.registration import Relation
from services.registry.sharing.fields import SharedField
from services.registry.sharing.reads.views import Reader, SharedHousehold, SharedMember

FAMILY = "family"
SCORE_TYPE = "DTSEN-decile"
COUNTRY = "IDN"
OF_FAMILY = ("status", "programmes", "livelihood", "phone")
OF_MEMBER = ("relation", "birth_year", "birth_precision", "education", "disability")
"""What the standard has no member for: told as keys and values."""


def group(
    reader: Reader, household: Household, members: Sequence[Member], *, programmes: Sequence[str]
) -> Record:
    """Return a family as a Group; what may not be shown is absent."""
    family = reader.shown(household, members, programmes=programmes)
    told = family.model_dump(mode="json", exclude_unset=True)
    listed = [_member(person, family) for person in family.members or ()]
    everyone = reader.permit.gives(SharedField.MEMBERS)
    return _present(
        {
            "@type": "Group",
            "group_identifier": _identifiers(family),
            "group_type": FAMILY,
            "place": _place(family),
            "place_address": told.get("address"),
            "poverty_score": told.get("decile"),
            "poverty_score_type": SCORE_TYPE if told.get("decile") is not None else None,
            "group_head_info": _head(listed, members, everyone=everyone),
            "group_size": told.get("group_size"),
            "member_list": [*listed] if everyone and listed else None,
            "registration_date": told.get("registered_on"),
            "last_updated": told.get("last_updated"),
            "additional_attributes": _attributes(told, *OF_FAMILY),
        }
    )


def member(reader: Reader, person: Member, household: Household) -> Record:
    """Return a person as a Member, with the family's own token."""
    family = reader.shown(household, [person], programmes=())
    [shown] = family.members or [SharedMember()]
    record = _member(shown, family)
    of_family: JsonValue = {"key": "group_identifier", "value": family.subject_token}
    others = record.get("additional_attributes")
    known = others if isinstance(others, list) else []
    return {**record, "additional_attributes": [*known, of_family]}


def _head(listed: list[Record], members: Sequence[Member], *, everyone: bool) -> JsonValue:
    """Return the head: where not everyone is listed, the head alone is."""
    if not everyone:
        return listed[0] if listed else None
    heads = (
        record
        for record, who in zip(listed, members, strict=False)
        if who.relation is Relation.HEAD
    )
    return next(heads, None)


def _member(person: SharedMember, family: SharedHousehold) -> Record:
    told = person.model_dump(mode="json", exclude_unset=True)
    numbers: list[JsonValue] = [_identifier("NIK", told["nik"])] if "nik" in told else []
    registered = family.registered_on.isoformat() if family.registered_on else None
    disabled = told.get("disability")
    return _present(
        {
            "@type": "Member",
            "member_identifier": numbers,
            "demographic_info": _person(
                told, numbers, address=family.address, registered=registered
            ),
            "is_disabled": None if disabled is None else bool(disabled),
            "marital_status": told.get("marital_status"),
            "registration_date": registered,
            "additional_attributes": _attributes(told, *OF_MEMBER),
        }
    )


def _person(
    told: Record, numbers: JsonValue, *, address: str | None, registered: str | None
) -> JsonValue:
    return _present(
        {
            "@type": "SRPerson",
            "identifier": numbers,
            "name": _name(told.get("name")),
            "sex": told.get("sex"),
            "birth_date": told.get("birth_date"),
            "address": address,
            "registration_date": registered,
        }
    )


def _identifiers(family: SharedHousehold) -> list[JsonValue]:
    known = {
        "SUBJECT_TOKEN": family.subject_token,
        "HOUSEHOLD_ID": str(family.household_id) if family.household_id else None,
        "KK": family.kk_number,
    }
    return [_identifier(kind, value) for kind, value in known.items() if value is not None]


def _identifier(kind: str, value: JsonValue) -> JsonValue:
    return {"@type": "Identifier", "identifier_type": kind, "identifier_value": value}


def _name(name: JsonValue) -> JsonValue:
    """Return the whole name as given name: most of us have no surname to split off."""
    if name is None:
        return None
    return {"@type": "Name", "surname": "", "given_name": name, "prefix": "", "suffix": ""}


def _place(family: SharedHousehold) -> JsonValue:
    code = family.desa_code or family.kabupaten_code
    return code and {"@type": "Place", "place_code": code, "country": COUNTRY}


def _attributes(told: Record, *names: str) -> JsonValue:
    known = [name for name in names if told.get(name) is not None]
    return [{"key": name, "value": told[name]} for name in known] or None


def _present(record: Record) -> Record:
    return {name: value for name, value in record.items() if value is not None}
