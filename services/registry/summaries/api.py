"""The registry in figures: the country at a glance, and region by region down to the desa."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from contracts.registry import AidScheme, HouseholdStatus
from kernel.db import UnitOfWork
from kernel.fields import BusinessDate, RegionCode
from kernel.pagination import DEFAULT_LIMIT, MAX_LIMIT
from kernel.web import Uow, View, slice_router
from services.registry.regions import queries as regions
from services.registry.regions.models import Level, Region, level_below, level_of
from services.registry.regions.queries import names_of
from services.registry.summaries import queries
from services.registry.summaries.access import MayRead, MayReadStatistics
from services.registry.summaries.figures import Figures
from services.registry.summaries.queries import Asked

router = slice_router("/summaries", tag="summaries")
statistics_router = slice_router("/statistics", tag="summaries")
ROUTERS: tuple[APIRouter, ...] = (router, statistics_router)

DECILES = range(1, 11)


class KabupatenOut(View):
    """A kabupaten, and its families that are not closed."""

    name: str
    households: int


class FiguresOut(View):
    """Families that are not closed; those assisted, empowered, graduated by where they stand."""

    households: int
    kabupaten: int
    by_kabupaten: dict[str, KabupatenOut]
    assisted: int
    empowered: int
    graduated: int


class SummaryOut(View):
    """The figures; `sample` tells that invented families are among them."""

    figures: FiguresOut
    sample: bool


@router.get("/registry")
async def summarise_registry(actor: MayRead, uow: Uow) -> SummaryOut:
    """Count the families, where they live and where they stand."""
    by_kabupaten = await queries.live_by_kabupaten(uow.session)
    names = await names_of(uow.session, by_kabupaten.keys())
    statuses = await queries.by_status(uow.session)
    figures = FiguresOut(
        households=sum(by_kabupaten.values()),
        kabupaten=len(by_kabupaten),
        by_kabupaten={
            code: KabupatenOut(name=names[code], households=count)
            for code, count in by_kabupaten.items()
        },
        assisted=statuses[HouseholdStatus.ASSISTED],
        empowered=statuses[HouseholdStatus.EMPOWERED],
        graduated=statuses[HouseholdStatus.GRADUATED],
    )
    return SummaryOut(figures=figures, sample=await queries.any_synthetic(uow.session))


class CountsOut(View):
    """Families of a region; all but `by_status` leaves closed families out.

    `by_decile` counts those that BPS ranked, `unranked` the others. `productive_age` counts
    members from 15 to 64 years, `graduated_this_year` families that graduated since 1 January,
    `receiving` families by the aid that reaches them.
    """

    households: int
    by_status: dict[HouseholdStatus, int]
    by_decile: dict[int, int]
    unranked: int
    members: int
    adult_women: int
    productive_age: int
    graduated_this_year: int
    receiving: dict[AidScheme, int]
    micro_business: int


class RegionCountsOut(CountsOut):
    """A region and what is counted of its families."""

    code: str
    name: str
    level: Level


class StatisticsOut(View):
    """One page of regions, zeros too; `total` counts all of `within`, on the first page only."""

    on: date
    within: str | None
    level: Level
    total: CountsOut | None
    items: list[RegionCountsOut]
    next: str | None


@dataclass(frozen=True)
class Question:
    """Which regions are asked for, and as of which day."""

    within: str | None
    level: Level
    on: date | None


async def _question(
    within: Annotated[RegionCode | None, Query(description="The country when left out.")] = None,
    level: Annotated[Level | None, Query(description="The next level down when left out.")] = None,
    on: Annotated[BusinessDate | None, Query(description="Today when left out.")] = None,
) -> Question:
    next_level = level_below(level_of(within)) if within else Level.PROVINCE
    return Question(within, level or next_level, on)


@statistics_router.get("/households")
async def count_households(
    actor: MayReadStatistics,
    uow: Uow,
    question: Annotated[Question, Depends(_question)],
    cursor: Annotated[
        RegionCode | None, Query(description="The `next` of the page before.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
) -> StatisticsOut:
    """Count families region by region, as of a day, among those that the caller may see.

    The regions of any level add up to the `total`.
    """
    within, level, asked = question.within, question.level, Asked(actor, on=question.on)
    found = await regions.below(
        uow.session, within=within, level=level, after=cursor or "", limit=limit + 1
    )
    whole = await queries.total(uow.session, asked.inside(within)) if cursor is None else None
    return StatisticsOut(
        on=asked.day,
        within=within,
        level=level,
        total=_counts(whole) if whole else None,
        items=await _items(uow, found[:limit], asked=asked, level=level),
        next=found[limit - 1].code if len(found) > limit else None,
    )


async def _items(
    uow: UnitOfWork, found: Sequence[Region], *, asked: Asked, level: Level
) -> list[RegionCountsOut]:
    """Count each region; one that is no more stands there only for families that it still has."""
    if not found:
        return []
    here = replace(asked, codes=(found[0].code, found[-1].code))
    figures = await queries.figures(uow.session, here, level=level)
    return [
        RegionCountsOut(
            code=region.code,
            name=region.name,
            level=level,
            **_counts(counted).model_dump(),
        )
        for region in found
        if not (counted := figures[region.code]).nothing or region.is_valid(on=asked.day)
    ]


def _counts(figures: Figures) -> CountsOut:
    deciles = figures.by_decile
    return CountsOut(
        households=figures.households,
        by_status={status: figures.by_status[status] for status in HouseholdStatus},
        by_decile={decile: deciles[decile] for decile in DECILES},
        unranked=deciles[None],
        members=figures.members,
        adult_women=figures.adult_women,
        productive_age=figures.productive_age,
        graduated_this_year=figures.graduated_this_year,
        receiving={scheme: figures.receiving[scheme] for scheme in AidScheme},
        micro_business=figures.micro_business,
    )
