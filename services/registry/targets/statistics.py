"""Caseloads and graduations against targets, by the region of each pendamping's office."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import col

from kernel.auth import Actor
from kernel.db import UnitOfWork
from kernel.sight import COMPANIES
from services.registry.facilitators.models import (
    DEFAULT_TARGET,
    Assignment,
    Facilitator,
    Graduation,
)
from services.registry.facilitators.queries import visible
from services.registry.households.models import Household
from services.registry.households.queries import visible as may_see
from services.registry.regions.models import Level
from services.registry.regions.queries import inside, region_at
from services.registry.targets.models import FacilitatorTarget


@dataclass(frozen=True)
class Asked:
    """Which pendamping are asked about, by whom, for which year, as targets stand on a day."""

    year: int
    on: date
    within: str | None
    seen_by: Actor


@dataclass(frozen=True)
class Figures:
    """Pendamping, their families, and the year's graduations against the targets."""

    facilitators: int
    families: int
    fewest: int
    most: int
    target: int
    graduated: int
    reached: int


async def by_region(
    uow: UnitOfWork, asked: Asked, *, level: Level
) -> tuple[Figures, dict[str, Figures]]:
    """Return the figures of all, and for each region; who works for a larger one counts there."""
    desks = _desks(asked).subquery()
    region = region_at(desks.c.area_code, level)
    query = sa.select(region, *_figures(desks)).group_by(sa.func.rollup(region)).order_by(region)
    found = {code: Figures(*figures) for code, *figures in map(tuple, await uow.execute(query))}
    return found.pop(None), found


def _figures(desks: sa.Subquery) -> list[sa.ColumnElement[int]]:
    figures = {
        "facilitators": sa.func.count(),
        "families": sa.func.sum(desks.c.families),
        "fewest": sa.func.min(desks.c.families),
        "most": sa.func.max(desks.c.families),
        "target": sa.func.sum(desks.c.target),
        "graduated": sa.func.sum(desks.c.graduated),
        "reached": sa.func.count().filter(desks.c.graduated >= desks.c.target),
    }
    return [
        sa.cast(sa.func.coalesce(figure, 0), sa.Integer).label(name)
        for name, figure in figures.items()
    ]


def _desks(asked: Asked) -> sa.Select[*tuple[object, ...]]:
    """Return one row a pendamping: office, families, graduations, target."""
    # Reckoned once each: the planner would else count a caseload again for every pendamping.
    families = _families(asked).cte("families").prefix_with("MATERIALIZED")
    graduated = _graduated(asked).cte("graduated").prefix_with("MATERIALIZED")
    own = _own_targets(asked).cte("own").prefix_with("MATERIALIZED")
    everybodys = _everybodys_target(asked).scalar_subquery()
    target = sa.func.coalesce(
        own.c.target, col(Facilitator.yearly_target), everybodys, DEFAULT_TARGET
    )
    me = col(Facilitator.id)
    query = (
        sa.select(
            col(Facilitator.area_code),
            sa.func.coalesce(families.c.number, 0).label("families"),
            sa.func.coalesce(graduated.c.number, 0).label("graduated"),
            target.label("target"),
        )
        .outerjoin(families, families.c.facilitator_id == me)
        .outerjoin(graduated, graduated.c.facilitator_id == me)
        .outerjoin(own, own.c.facilitator_id == me)
        .where(visible(asked.seen_by))
    )
    if asked.within is None:
        return query
    return query.where(inside(col(Facilitator.area_code), asked.within))


def _families(asked: Asked) -> sa.Select[*tuple[object, ...]]:
    desk = col(Assignment.facilitator_id)
    query = sa.select(desk, sa.func.count().label("number"))
    query = query.where(col(Assignment.ended_on).is_(None)).group_by(desk)
    if asked.seen_by.kind in COMPANIES:
        query = query.join(Household, col(Household.id) == col(Assignment.household_id))
        query = query.where(may_see(asked.seen_by))
    return query


def _graduated(asked: Asked) -> sa.Select[*tuple[object, ...]]:
    desk = col(Graduation.facilitator_id)
    days = col(Graduation.graduated_on).between(date(asked.year, 1, 1), date(asked.year, 12, 31))
    return (
        sa.select(desk, sa.func.count().label("number"))
        .where(days, col(Graduation.reversed_on).is_(None), desk.is_not(None))
        .group_by(desk)
    )


def _own_targets(asked: Asked) -> sa.Select[*tuple[object, ...]]:
    desk = col(FacilitatorTarget.facilitator_id)
    query = sa.select(desk, col(FacilitatorTarget.target)).ext(distinct_on(desk))
    return query.where(desk.is_not(None), _of_the_year(asked)).order_by(desk, *_newest())


def _everybodys_target(asked: Asked) -> sa.Select[int]:
    query = sa.select(col(FacilitatorTarget.target))
    query = query.where(col(FacilitatorTarget.facilitator_id).is_(None), _of_the_year(asked))
    return query.order_by(*_newest()).limit(1)


def _of_the_year(asked: Asked) -> sa.ColumnElement[bool]:
    of_the_year = col(FacilitatorTarget.year) == asked.year
    return sa.and_(of_the_year, col(FacilitatorTarget.effective_on) <= asked.on)


def _newest() -> tuple[sa.ColumnElement[date], sa.ColumnElement[UUID]]:
    return col(FacilitatorTarget.effective_on).desc(), col(FacilitatorTarget.id).desc()
