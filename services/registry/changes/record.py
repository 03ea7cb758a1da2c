"""A family's record opened: the card it would be registered with, as it stands now."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.changes.proposal import Values, values_of
from services.registry.households import queries
from services.registry.households.models import Household, Member
from services.registry.households.registration import HouseholdIn, LivelihoodIn, MemberIn
from services.registry.vault import Seal, Vault


@dataclass(frozen=True)
class Record:
    """A family, its card in the clear, and the ids of the members in the card's order."""

    household: Household
    card: HouseholdIn
    members: tuple[UUID, ...]

    @property
    def values(self) -> Values:
        """Everything that a request may change."""
        return values_of(self.card, self.members, self.household.status)


async def opened(session: AsyncSession, household: Household, *, vault: Vault) -> Record:
    """Open a family's record.

    Raises:
        FamilyErased: what named the family was destroyed.
    """
    seal = vault.family(household.data_key, household.id)
    members = (await queries.members_of(session, [household.id]))[household.id]
    card = HouseholdIn(
        reference=household.reference,
        kk_number=_open(seal, household.kk_number, "households.kk_number", household.id) or "",
        desa_code=household.desa_code,
        address=_open(seal, household.address, "households.address", household.id),
        phone=_open(seal, household.phone, "households.phone", household.id),
        registered_on=household.registered_on,
        members=[_person(member, seal) for member in members],
        livelihood=_livelihood(household),
    )
    return Record(household, card, tuple(member.id for member in members))


def _person(member: Member, seal: Seal) -> MemberIn:
    told = member.model_dump(include=set(MemberIn.model_fields))
    named = {
        field: seal.open(told[field], place=f"household_members.{field}", row_id=member.id)
        for field in ("nik", "name")
    }
    return MemberIn(**{**told, **named})


def _livelihood(household: Household) -> LivelihoodIn | None:
    kept = household.livelihood
    return None if kept is None else LivelihoodIn.model_validate(kept)


def _open(seal: Seal, sealed: bytes | None, place: str, row_id: UUID) -> str | None:
    return None if sealed is None else seal.open(sealed, place=place, row_id=row_id)


class Sealed:
    """The values of one request, which only its family's key opens."""

    def __init__(self, seal: Seal, change_id: UUID) -> None:
        self._seal, self._id = seal, change_id

    def seal(self, values: Mapping[str, str | None], column: str) -> bytes:
        """Return values for a column of the request."""
        return self._seal.seal(
            json.dumps(values), place=f"household_changes.{column}", row_id=self._id
        )

    def open(self, sealed: bytes, column: str) -> Values:
        """Return the values of a column of the request."""
        text = self._seal.open(sealed, place=f"household_changes.{column}", row_id=self._id)
        values: Values = json.loads(text)
        return values
