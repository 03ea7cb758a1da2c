"""What a row would change of a family, field by field; what names a person is never repeated.

Of a family: `desa_code`, `member_count`, `adult_women` and `decile` with old and new; `kk_number`,
`address`, `phone` and `livelihood` by name alone. Of members: how many come and go, and
`members/N/name` where a field of the Nth of the file differs, without its values.
"""

from collections.abc import Iterator, Sequence
from uuid import UUID

from typing_extensions import TypedDict

from services.registry.households.models import Household, Member
from services.registry.households.registration import HouseholdIn, MemberIn
from services.registry.households.rows import Whose, livelihood
from services.registry.vault import Vault

OPEN_FIELDS = ("desa_code", "member_count", "adult_women")
OF_A_MEMBER = (
    "sex",
    "birth_date",
    "birth_precision",
    "relation",
    "occupation",
    "education",
    "marital_status",
    "disabilities",
)


class Difference(TypedDict):
    """A field that the row tells otherwise; `old` and `new` only where they name nobody."""

    field: str
    old: str | int | None
    new: str | int | None


def between(
    known: Household,
    members: Sequence[Member],
    told: HouseholdIn,
    *,
    decile: int | None,
    vault: Vault,
) -> list[Difference]:
    """Return every field that differs; `decile` is one that the ledger does not hold yet.

    Raises:
        FamilyErased: there is nothing to compare with any more.
    """
    family = Whose(known.id, known.data_key, vault)
    found = [
        *_open_fields(known, told),
        *(_named(name) for name in _personal_fields(known, told, family)),
        *_members(members, told, family),
    ]
    if decile is not None:
        found.append(Difference(field="decile", old=known.decile, new=decile))
    return found


def _open_fields(known: Household, told: HouseholdIn) -> Iterator[Difference]:
    women = sum(member.is_adult_woman(on=told.registered_on) for member in told.members)
    new: tuple[str | int, ...] = (told.desa_code, len(told.members), women)
    for name, value in zip(OPEN_FIELDS, new, strict=True):
        if (old := getattr(known, name)) != value:
            yield Difference(field=name, old=old, new=value)


def _personal_fields(known: Household, told: HouseholdIn, family: Whose) -> Iterator[str]:
    if known.kk_index != family.index_of("kk", told.kk_number):
        yield "kk_number"
    for name in ("address", "phone"):
        if _opened(getattr(known, name), f"households.{name}", family) != getattr(told, name):
            yield name
    if told.livelihood is not None and livelihood(told.livelihood) != known.livelihood:
        yield "livelihood"


def _members(members: Sequence[Member], told: HouseholdIn, family: Whose) -> Iterator[Difference]:
    before = {member.nik_index: member for member in members}
    now = [(family.index_of("nik", member.nik), member) for member in told.members]
    added = sum(nik_index not in before for nik_index, _ in now)
    removed = len(before) - (len(now) - added)
    if added:
        yield Difference(field="members/added", old=None, new=added)
    if removed:
        yield Difference(field="members/removed", old=removed, new=None)
    for position, (nik_index, member) in enumerate(now, start=1):
        if (old := before.get(nik_index)) is not None:
            for name in _changed_of(old, member, family):
                yield _named(f"members/{position}/{name}")


def _changed_of(old: Member, now: MemberIn, family: Whose) -> Iterator[str]:
    if _opened(old.name, "household_members.name", family, row_id=old.id) != now.name:
        yield "name"
    yield from (name for name in OF_A_MEMBER if getattr(old, name) != getattr(now, name))


def _opened(
    sealed: bytes | None, place: str, family: Whose, *, row_id: UUID | None = None
) -> str | None:
    if sealed is None:
        return None
    return family.seal.open(sealed, place=place, row_id=row_id or family.id)


def _named(field: str) -> Difference:
    return Difference(field=field, old=None, new=None)
