"""Everything we ask of the families."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.registry import HouseholdStatus
from kernel.auth import Actor
from kernel.pagination import PageRequest, Rows
from kernel.problems import FieldError
from kernel.sight import COMPANIES
from services.registry.households.models import Household, HouseholdVersion, Member
from services.registry.households.problems import (
    UNKNOWN_ITEM,
    FamilyCardTaken,
    HouseholdNotFound,
    HouseholdsUnknown,
    ReferenceTaken,
)
from services.registry.regions.models import Level, level_of
from services.registry.regions.queries import inside


@dataclass(frozen=True)
class Family:
    """A household with its members, as its card lists them."""

    household: Household
    members: Sequence[Member]


@dataclass(frozen=True)
class Filters:
    """What a list of families is narrowed to."""

    region: str | None = None
    status: HouseholdStatus | None = None
    facilitator_id: UUID | None = None
    reference: str | None = None
    skill: str | None = None
    micro_business: bool | None = None

    def conditions(self) -> Iterator[sa.ColumnElement[bool]]:
        """Give what each filter asks of a family."""
        if self.region is not None:
            yield lives_in(self.region)
        for name in ("status", "facilitator_id", "reference"):
            if (asked := getattr(self, name)) is not None:
                yield col(getattr(Household, name)) == asked
        if self.skill is not None:
            yield col(Household.livelihood).contains({"skills": [self.skill]})
        if self.micro_business is not None:
            yield col(Household.livelihood).contains({"micro_business": self.micro_business})


def lives_in(code: str) -> sa.ColumnElement[bool]:
    """Return the condition that a family lives in a region, by the column that an index is on."""
    level = level_of(code)
    if level is Level.PROVINCE:
        return col(Household.province_code) == code
    if level is Level.KABUPATEN:
        return col(Household.kabupaten_code) == code
    return inside(col(Household.desa_code), code)


def visible(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition that the actor may see a family: its area, a company's own families."""
    conditions: list[sa.ColumnElement[bool]] = []
    if actor.regions:
        conditions.append(sa.or_(sa.false(), *map(lives_in, actor.regions)))
    if actor.kind in COMPANIES:
        conditions.append(col(Household.registered_by) == actor.organisation)
    return sa.and_(sa.true(), *conditions)


async def get(
    session: AsyncSession,
    household_id: UUID,
    *,
    seen_by: Actor | None = None,
    for_change: bool = False,
) -> Household:
    """Return the family, locked until the transaction ends when it is `for_change`.

    Raises:
        HouseholdNotFound: there is none, or the actor may not see it.
    """
    query = select(Household).where(Household.id == household_id)
    if seen_by is not None:
        query = query.where(visible(seen_by))
    if for_change:
        query = query.with_for_update()
    household = (await session.exec(query)).one_or_none()
    if household is None:
        raise HouseholdNotFound(household_id=str(household_id))
    return household


async def get_family(session: AsyncSession, household_id: UUID, *, seen_by: Actor) -> Family:
    """Return a family with its members.

    Raises:
        HouseholdNotFound: there is none, or the actor may not see it.
    """
    household = await get(session, household_id, seen_by=seen_by)
    return Family(household, (await members_of(session, [household_id]))[household_id])


async def find_all(
    session: AsyncSession, ids: Collection[UUID], *, seen_by: Actor | None = None
) -> dict[UUID, Household]:
    """Return those of the families that exist, locked in the order of their ids."""
    query = select(Household).where(col(Household.id).in_(ids)).order_by(col(Household.id))
    if seen_by is not None:
        query = query.where(visible(seen_by))
    return {found.id: found for found in (await session.exec(query.with_for_update())).all()}


async def get_all(
    session: AsyncSession, places: Mapping[UUID, str], *, seen_by: Actor | None = None
) -> dict[UUID, Household]:
    """Return every family, locked; `places` gives the JSON pointer that named each.

    Raises:
        HouseholdsUnknown: some do not exist, or the actor may not see them.
    """
    found = await find_all(session, places.keys(), seen_by=seen_by)
    missing = [place for household_id, place in places.items() if household_id not in found]
    if missing:
        errors = tuple(FieldError(place, HouseholdNotFound.code, UNKNOWN_ITEM) for place in missing)
        raise HouseholdsUnknown(count=len(missing), errors=errors)
    return found


async def find_by_references(
    session: AsyncSession, references: Collection[str], *, for_change: bool
) -> dict[str, Household]:
    """Return the families of these references, locked by id when they are `for_change`."""
    query = select(Household).where(col(Household.reference).in_(references))
    if for_change:
        query = query.order_by(col(Household.id)).with_for_update()
    return {found.reference: found for found in (await session.exec(query)).all()}


async def require_new(session: AsyncSession, *, reference: str, kk_index: bytes) -> None:
    """Guard a registration.

    Raises:
        ReferenceTaken, FamilyCardTaken: the family is registered already.
    """
    query = select(Household.reference).where(
        sa.or_(col(Household.reference) == reference, _live_card(kk_index))
    )
    found = (await session.exec(query)).all()
    if reference in found:
        raise ReferenceTaken(reference=reference)
    if found:
        raise FamilyCardTaken


async def owners_of_cards(
    session: AsyncSession, kk_indexes: Collection[bytes]
) -> dict[bytes, UUID]:
    """Return which family, not closed, has each of the family cards."""
    query = select(Household.kk_index, Household.id).where(_live_card(*kk_indexes))
    return dict((await session.exec(query)).all())


async def owners_of_niks(
    session: AsyncSession, nik_indexes: Collection[bytes]
) -> defaultdict[bytes, set[UUID]]:
    """Return which families, not closed, name each of the persons."""
    query = (
        select(Member.nik_index, Member.household_id)
        .join(Household, col(Household.id) == col(Member.household_id))
        .where(col(Member.nik_index).in_(nik_indexes), col(Member.until_version).is_(None))
        .where(Household.status != HouseholdStatus.CLOSED)
    )
    owners = defaultdict[bytes, set[UUID]](set)
    for nik_index, household_id in (await session.exec(query)).all():
        owners[nik_index].add(household_id)
    return owners


async def members_of(
    session: AsyncSession, ids: Collection[UUID]
) -> defaultdict[UUID, list[Member]]:
    """Return the members of each family, as its card lists them."""
    query = (
        select(Member)
        .where(col(Member.household_id).in_(ids), col(Member.until_version).is_(None))
        .order_by(col(Member.position))
    )
    members = defaultdict[UUID, list[Member]](list)
    for member in (await session.exec(query)).all():
        members[member.household_id].append(member)
    return members


async def members_at(
    session: AsyncSession, household_id: UUID, *, version: int
) -> Sequence[Member]:
    """Return the members as a version of the family knew them."""
    query = (
        select(Member)
        .where(Member.household_id == household_id, Member.since_version <= version)
        .where(sa.or_(col(Member.until_version).is_(None), col(Member.until_version) > version))
        .order_by(col(Member.position))
    )
    return (await session.exec(query)).all()


async def list_(
    session: AsyncSession, page: PageRequest, *, filters: Filters, seen_by: Actor
) -> Rows[Household]:
    """Return a page of the families that the actor may see; those erased tell nothing."""
    kept = col(Household.data_key).is_not(None)
    query = select(Household).where(visible(seen_by), kept, *filters.conditions())
    return await page.rows(session, query, Household)


async def versions_of(
    session: AsyncSession, household_id: UUID, *, after: int, limit: int
) -> Sequence[HouseholdVersion]:
    """Return what was known of a family, oldest first."""
    query = (
        select(HouseholdVersion)
        .where(HouseholdVersion.household_id == household_id)
        .where(HouseholdVersion.version > after)
        .order_by(col(HouseholdVersion.version))
    )
    return (await session.exec(query.limit(limit))).all()


async def find_version(
    session: AsyncSession, household_id: UUID, *, day: date, known_at: datetime | None
) -> HouseholdVersion | None:
    """Return the version that held on a day; none before the registration.

    With `known_at`, the one of which we believed at that moment that it held on the day.
    """
    query = (
        select(HouseholdVersion)
        .where(HouseholdVersion.household_id == household_id)
        .where(HouseholdVersion.effective_on <= day)
        .order_by(col(HouseholdVersion.effective_on).desc(), col(HouseholdVersion.version).desc())
    )
    if known_at is not None:
        query = query.where(HouseholdVersion.recorded_at <= known_at)
    return (await session.exec(query.limit(1))).one_or_none()


def _live_card(*kk_indexes: bytes) -> sa.ColumnElement[bool]:
    live = col(Household.status) != HouseholdStatus.CLOSED
    return sa.and_(col(Household.kk_index).in_(kk_indexes), live)
