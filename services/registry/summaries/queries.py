"""The registry's figures, counted from the families themselves."""

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.registry import AidScheme, HouseholdStatus
from kernel import clock
from kernel.auth import Actor
from services.registry.assistance.models import Assistance
from services.registry.households.models import Household, HouseholdVersion, Member
from services.registry.households.queries import visible
from services.registry.regions.models import Level
from services.registry.regions.queries import between, region_at
from services.registry.summaries.figures import Figures, years_before

PRODUCTIVE_AGE = (15, 64)
"""Years, both included: the working-age population of Statistics Indonesia."""
HELD = ("version", "status", "desa_code", "member_count", "adult_women", "livelihood", "decile")
WHOLE = "whole"


@dataclass(frozen=True)
class Asked:
    """Which families are counted: those in a range of codes that the actor may see, as of a day.

    `on` None is today, read from the families themselves.
    """

    seen_by: Actor
    codes: tuple[str, str] | None = None
    on: date | None = None

    def inside(self, code: str | None) -> "Asked":
        """Ask for the families of one region; None is the country."""
        return replace(self, codes=(code, code) if code else None)

    @property
    def day(self) -> date:
        """The day as of which ages and aid are counted."""
        return self.on or clock.today()


async def live_by_kabupaten(session: AsyncSession) -> dict[str, int]:
    """Count the families that are not closed, by kabupaten code."""
    kabupaten = sa.func.left(Household.desa_code, 5)
    query = (
        select(kabupaten, sa.func.count())
        .where(Household.status != HouseholdStatus.CLOSED)
        .group_by(kabupaten)
        .order_by(kabupaten)
    )
    return dict((await session.exec(query)).all())


async def by_status(session: AsyncSession) -> Counter[HouseholdStatus]:
    """Count all families by where they stand."""
    query = select(Household.status, sa.func.count()).group_by(col(Household.status))
    found = (await session.exec(query)).all()
    return Counter({HouseholdStatus(status): count for status, count in found})


async def any_synthetic(session: AsyncSession) -> bool:
    """Tell whether some families are invented: their KK number can be no real one."""
    query = select(Household.id).where(col(Household.synthetic).is_(True)).limit(1)
    return (await session.exec(query)).first() is not None


async def total(session: AsyncSession, asked: Asked) -> Figures:
    """Count all families asked for."""
    return (await _counted(session, asked, level=None))[WHOLE]


async def figures(session: AsyncSession, asked: Asked, *, level: Level) -> dict[str, Figures]:
    """Count the families asked for by their region of a level; empty where there are none."""
    return await _counted(session, asked, level=level)


async def _counted(
    session: AsyncSession, asked: Asked, *, level: Level | None
) -> defaultdict[str, Figures]:
    families = _families(asked, level=level)
    connection = await session.connection()
    found = defaultdict[str, Figures](Figures)
    for place, status, decile, *counts in await connection.execute(_standing(families)):
        _add(found[place], status, decile, *counts)
    for place, persons in await connection.execute(_workers(families, on=asked.day)):
        found[place].productive_age = persons
    for place, scheme, count in await connection.execute(_receivers(families, on=asked.day)):
        found[place].receiving[scheme] = count
    for place, count in await connection.execute(_graduates(families, on=asked.day)):
        found[place].graduated_this_year = count
    return found


def _add(figures: Figures, status: HouseholdStatus, decile: int | None, *counts: int) -> None:
    families, members, adult_women, micro_business = counts
    figures.by_status[HouseholdStatus(status)] += families
    if status == HouseholdStatus.CLOSED:
        return
    figures.by_decile[decile] += families
    figures.members += members
    figures.adult_women += adult_women
    figures.micro_business += micro_business


def _families(asked: Asked, *, level: Level | None) -> sa.Subquery:
    held = _held_now(asked) if asked.on is None else _held_on(asked.on, asked)
    place = sa.literal(WHOLE) if level is None else region_at(held.c.desa_code, level)
    query = sa.select(place.label("place"), *held.c)
    if asked.codes is not None:
        query = query.where(between(held.c.desa_code, *asked.codes))
    return query.subquery("families")


def _held_now(asked: Asked) -> sa.Subquery:
    known = [getattr(Household, name) for name in HELD]
    query = sa.select(col(Household.id).label("household_id"), *known)
    return query.where(visible(asked.seen_by)).subquery("held")


def _held_on(day: date, asked: Asked) -> sa.Subquery:
    owner, since = col(HouseholdVersion.household_id), col(HouseholdVersion.effective_on)
    return (
        sa.select(owner, *[getattr(HouseholdVersion, name) for name in HELD])
        .ext(distinct_on(owner))
        .join(Household, col(Household.id) == owner)
        .where(visible(asked.seen_by), since <= day)
        .order_by(owner, since.desc(), col(HouseholdVersion.version).desc())
        .subquery("held")
    )


def _standing(
    families: sa.Subquery,
) -> sa.Select[str, HouseholdStatus, int | None, int, int, int, int]:
    held = families.c
    micro_business = held.livelihood["micro_business"].as_boolean()
    return sa.select(
        held.place,
        held.status,
        held.decile,
        sa.func.count(),
        sa.func.sum(held.member_count),
        sa.func.sum(held.adult_women),
        sa.func.count().filter(micro_business),
    ).group_by(held.place, held.status, held.decile)


def _workers(families: sa.Subquery, *, on: date) -> sa.Select[str, int]:
    held, (youngest, oldest) = families.c, PRODUCTIVE_AGE
    until = col(Member.until_version)
    return (
        sa.select(held.place, sa.func.count())
        .join(Member, col(Member.household_id) == held.household_id)
        .where(_live(families))
        .where(col(Member.since_version) <= held.version)
        .where(sa.or_(until.is_(None), until > held.version))
        .where(col(Member.birth_date) <= years_before(on, youngest))
        .where(col(Member.birth_date) > years_before(on, oldest + 1))
        .group_by(held.place)
    )


def _receivers(families: sa.Subquery, *, on: date) -> sa.Select[str, AidScheme, int]:
    held, ended = families.c, col(Assistance.ended_on)
    return (
        sa.select(held.place, col(Assistance.scheme), sa.func.count(held.household_id.distinct()))
        .join(Assistance, col(Assistance.household_id) == held.household_id)
        .where(_live(families), col(Assistance.started_on) <= on)
        .where(sa.or_(ended.is_(None), ended > on))
        .group_by(held.place, col(Assistance.scheme))
    )


def _graduates(families: sa.Subquery, *, on: date) -> sa.Select[str, int]:
    """Select those who became graduated since the first of January, not who already were."""
    held, version, before = families.c, aliased(HouseholdVersion), aliased(HouseholdVersion)
    status_before = (
        sa.select(col(before.status))
        .where(col(before.household_id) == col(version.household_id))
        .where(col(before.version) < col(version.version))
        .order_by(col(before.version).desc())
        .limit(1)
        .scalar_subquery()
    )
    return (
        sa.select(held.place, sa.func.count(held.household_id.distinct()))
        .join(version, col(version.household_id) == held.household_id)
        .where(_live(families), col(version.status) == HouseholdStatus.GRADUATED)
        .where(col(version.effective_on).between(date(on.year, 1, 1), on))
        .where(status_before.is_distinct_from(HouseholdStatus.GRADUATED))
        .group_by(held.place)
    )


def _live(families: sa.Subquery) -> sa.ColumnElement[bool]:
    live: sa.ColumnElement[bool] = families.c.status != HouseholdStatus.CLOSED
    return live
