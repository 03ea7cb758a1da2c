"""The ledger by region: how a cycle's deciles lie, and who moved between two cycles."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TypeAlias

import sqlalchemy as sa
from sqlmodel import col

from kernel.auth import Actor
from kernel.db import UnitOfWork
from kernel.sight import COMPANIES
from services.registry.households.models import Household
from services.registry.households.queries import visible
from services.registry.regions.models import CODE, Level
from services.registry.regions.queries import inside, region_at
from services.registry.welfare.models import DecileRecord
from services.registry.welfare.queries import believed

DECILES = range(1, 11)

Counts: TypeAlias = "sa.Select[*tuple[object, ...]]"


@dataclass(frozen=True)
class Place:
    """Which families are asked about, and by whom; `within` None is the nation."""

    within: str | None
    seen_by: Actor
    known_at: datetime | None = None


@dataclass(frozen=True)
class Slab:
    """The rows of a statistic that one answer shows: of a level, after a code, so many."""

    level: Level
    after: str
    limit: int


@dataclass(frozen=True)
class Movements:
    """Families by how they moved between two cycles; up is towards decile 10, better off."""

    up: int
    down: int
    same: int
    new: int
    left: int


@dataclass(frozen=True)
class Flow:
    """Families that stood in one decile and stand in another; None: in none."""

    since: int | None
    now: int | None
    families: int

    @property
    def direction(self) -> str:
        """Return which of the movements it is."""
        if self.since is None or self.now is None:
            return "new" if self.since is None else "left"
        if self.since == self.now:
            return "same"
        return "up" if self.now > self.since else "down"


def movements(flows: Sequence[Flow]) -> Movements:
    """Return how many families moved which way."""
    moved: Counter[str] = Counter()
    for flow in flows:
        moved[flow.direction] += flow.families
    return Movements(**{each.name: moved[each.name] for each in fields(Movements)})


async def distribution(uow: UnitOfWork, cycle: str, *, place: Place) -> list[int]:
    """Count a cycle's families by decile, from the first to the tenth."""
    query = _ranked(sa.select(*_by_decile()), cycle, place)
    return list((await uow.execute(query)).one())


async def distribution_by_region(
    uow: UnitOfWork, cycle: str, *, place: Place, slab: Slab
) -> dict[str, list[int]]:
    """Count the same for each region of a level that has ranked families."""
    region = region_at(col(DecileRecord.desa_code), slab.level)
    query = _ranked(sa.select(region, *_by_decile()), cycle, place)
    found = await uow.execute(_shown(query, region=region, slab=slab))
    return {code: counts for code, *counts in map(tuple, found)}


async def flows(uow: UnitOfWork, *, cycle: str, since: str, place: Place) -> list[Flow]:
    """Count the families of two cycles by where they stood and stand: a matrix' filled cells."""
    moved = _moved(cycle=cycle, since=since, place=place)
    cells = (moved.c.since, moved.c.now)
    query = sa.select(*cells, sa.func.count().label("families"))
    found = await uow.execute(query.group_by(*cells).order_by(*cells))
    return [Flow(**row) for row in found.mappings()]


async def movements_by_region(
    uow: UnitOfWork, *, cycle: str, since: str, place: Place, slab: Slab
) -> dict[str, Movements]:
    """Count the same for each region of a level; a family counts where it was ranked last."""
    moved = _moved(cycle=cycle, since=since, place=place)
    region = region_at(moved.c.desa_code, slab.level)
    query = sa.select(region, *_directions(moved))
    found = await uow.execute(_shown(query, region=region, slab=slab))
    return {code: Movements(*counts) for code, *counts in map(tuple, found)}


def _shown(query: Counts, *, region: sa.ColumnElement[str], slab: Slab) -> Counts:
    after = region > slab.after
    return query.where(after).group_by(region).order_by(region).limit(slab.limit)


def _by_decile() -> list[sa.ColumnElement[int]]:
    decile = col(DecileRecord.decile)
    return [sa.func.count().filter(decile == number) for number in DECILES]


def _directions(moved: sa.Subquery) -> list[sa.ColumnElement[int]]:
    step = moved.c.now - moved.c.since
    conditions = {
        "up": step > 0,
        "down": step < 0,
        "same": step == 0,
        "new": moved.c.since.is_(None),
        "left": moved.c.now.is_(None),
    }
    return [sa.func.count().filter(each).label(name) for name, each in conditions.items()]


def _ranked(query: Counts, cycle: str, place: Place) -> Counts:
    query = _standing(query.select_from(DecileRecord), cycle, place)
    if place.within is None:
        return query
    return query.where(inside(col(DecileRecord.desa_code), place.within))


def _moved(*, cycle: str, since: str, place: Place) -> sa.Subquery:
    """Return one row a family of either cycle: its deciles, and where it was ranked last."""
    record = sa.select(
        col(DecileRecord.household_id), col(DecileRecord.decile), col(DecileRecord.desa_code)
    )
    now, before = (_standing(record, each, place).subquery() for each in (cycle, since))
    desa_code = sa.func.coalesce(now.c.desa_code, before.c.desa_code, type_=CODE)
    moved = sa.select(
        before.c.decile.label("since"), now.c.decile.label("now"), desa_code.label("desa_code")
    ).select_from(now.join(before, now.c.household_id == before.c.household_id, full=True))
    if place.within is not None:
        moved = moved.where(inside(desa_code, place.within))
    return moved.subquery()


def _standing(query: Counts, cycle: str, place: Place) -> Counts:
    cycles = col(DecileRecord.cycle) == cycle
    query = query.where(cycles, believed(DecileRecord, at=place.known_at))
    if not (place.seen_by.regions or place.seen_by.kind in COMPANIES):
        return query  # who sees every family need not be asked about each
    query = query.join(Household, col(Household.id) == col(DecileRecord.household_id))
    return query.where(visible(place.seen_by))
