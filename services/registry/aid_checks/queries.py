"""Which families agencies ask about, and what aid they receive: yes or no for each scheme."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.registry import AidScheme, HouseholdStatus
from kernel.db import UnitOfWork
from services.registry.assistance.models import Assistance
from services.registry.households.models import Household, Member
from services.registry.sharing.permits import Permit, within

LIVE = col(Household.status) != HouseholdStatus.CLOSED


class NamedBy(StrEnum):
    """What a question names a family by."""

    HOUSEHOLD_ID = "household_id"
    REFERENCE = "reference"
    KK = "kk"
    NIK = "nik"


COLUMNS = {
    NamedBy.HOUSEHOLD_ID: "id",
    NamedBy.REFERENCE: "reference",
    NamedBy.KK: "kk_index",
}


@dataclass(frozen=True)
class Asked:
    """A family, or the person of it, as a question names it: `value` is a blind index, or an id."""

    by: NamedBy
    value: bytes | str | UUID


@dataclass(frozen=True)
class Found:
    """A family that a question means; `member_id`: the person asked about, None the family."""

    household_id: UUID
    member_id: UUID | None = None


async def find_all(
    uow: UnitOfWork, asked: Iterable[Asked], *, permit: Permit
) -> Mapping[Asked, Collection[Found]]:
    """Return the live families that each question means, those that the permit covers."""
    found: defaultdict[Asked, list[Found]] = defaultdict(list)
    grouped: defaultdict[NamedBy, set[bytes | str | UUID]] = defaultdict(set)
    for each in asked:
        grouped[each.by].add(each.value)
    for by, values in grouped.items():
        query = _of(by, values).where(LIVE, within(permit))
        for value, household_id, member_id in map(tuple, await uow.execute(query)):
            found[Asked(by, value)].append(Found(household_id, member_id))
    return found


def _of(by: NamedBy, values: Collection[bytes | str | UUID]) -> sa.Select[*tuple[object, ...]]:
    if by is NamedBy.NIK:
        person = (col(Member.nik_index), col(Household.id), col(Member.id))
        query = sa.select(*person).select_from(Member)
        query = query.join(Household, col(Household.id) == col(Member.household_id))
        return query.where(person[0].in_(values), col(Member.until_version).is_(None))
    column = Household.metadata.tables["households"].c[COLUMNS[by]]
    return sa.select(column, col(Household.id), sa.null()).where(column.in_(values))


async def enrolled(
    session: AsyncSession, ids: Collection[UUID], *, on: date
) -> Mapping[UUID, Collection[tuple[AidScheme, UUID | None]]]:
    """Return what aid each family receives on a day, and which person; None: all of it."""
    query = select(Assistance.household_id, Assistance.scheme, Assistance.member_id).where(
        col(Assistance.household_id).in_(ids),
        Assistance.started_on <= on,
        sa.or_(col(Assistance.ended_on).is_(None), col(Assistance.ended_on) > on),
    )
    aid: defaultdict[UUID, set[tuple[AidScheme, UUID | None]]] = defaultdict(set)
    for household_id, scheme, member_id in (await session.exec(query)).all():
        aid[household_id].add((AidScheme(scheme), member_id))
    return aid
