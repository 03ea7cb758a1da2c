"""Targets over HTTP: set for a year, and how far a region's pendamping have reached them."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field, computed_field

from kernel import clock
from kernel.fields import BusinessDate, RegionCode
from kernel.pagination import Page, PageQuery, Rows
from kernel.sight import SYSTEM
from kernel.web import Body, Uow, View, slice_router
from services.registry.facilitators import queries as facilitators
from services.registry.regions.models import Level
from services.registry.targets import queries, statistics
from services.registry.targets.access import MayRead, MayWrite
from services.registry.targets.models import FacilitatorTarget
from services.registry.targets.statistics import Asked

router = slice_router("/facilitator-targets", tag="facilitators")
statistics_router = slice_router("/facilitator-statistics", tag="facilitators")
ROUTERS: tuple[APIRouter, ...] = (router, statistics_router)

MOST_REGIONS = 1_000
Year = Annotated[int, Field(ge=2000, le=2100, examples=[2025])]


class TargetIn(Body):
    """Graduations wanted in a year, of one pendamping or of each; since a day of decision."""

    year: Year
    target: Annotated[int, Field(ge=0, le=1000)]
    facilitator_id: UUID | None = None
    effective_on: BusinessDate


class TargetOut(View):
    """A target as it was set; the newest of a year counts, one's own before everybody's."""

    id: UUID
    year: int
    target: int
    facilitator_id: UUID | None
    effective_on: date
    recorded_at: datetime


class FiguresOut(View):
    """Pendamping, their families now, and the year's graduations; `reached`: who met the target.

    `fewest` and `most`: families of one pendamping; `share`: graduated of the target.
    """

    facilitators: int
    families: int
    fewest: int
    most: int
    target: int
    graduated: int
    reached: int

    @computed_field  # type: ignore[prop-decorator]  # mypy knows no decorated property
    @property
    def share(self) -> float | None:
        """Return how much of the target was reached; none without a target."""
        return round(self.graduated / self.target, 4) if self.target else None


class RegionalFiguresOut(FiguresOut):
    """The same of one region; a pendamping counts where the office is."""

    region_code: str


class StatisticsOut(View):
    """A year's figures in total and by region; `next` is the last code shown."""

    year: int
    total: FiguresOut
    items: list[RegionalFiguresOut]
    next: str | None


@router.post("", status_code=201, response_model=TargetOut)
async def set_target(body: TargetIn, actor: MayWrite, uow: Uow) -> FacilitatorTarget:
    """Set a year's target; what was set before is kept."""
    if body.facilitator_id is not None:
        await facilitators.get(uow.session, body.facilitator_id, seen_by=actor)
    target = FacilitatorTarget(**body.model_dump(), set_by=actor.subject)
    uow.add(target)
    return target


@router.get("", response_model=Page[TargetOut])
async def list_targets(
    actor: MayRead,
    uow: Uow,
    page: PageQuery,
    year: Annotated[int | None, Query(ge=2000, le=2100)] = None,
    facilitator_id: UUID | None = None,
) -> Rows[FacilitatorTarget]:
    """List the targets as they were set."""
    return await queries.list_(uow.session, page, year=year, facilitator_id=facilitator_id)


@statistics_router.get("")
async def show_statistics(  # one parameter a filter
    actor: MayRead,
    uow: Uow,
    *,
    year: Annotated[int, Query(ge=2000, le=2100)],
    within: RegionCode | None = None,
    level: Level = Level.PROVINCE,
    cursor: Annotated[
        RegionCode | None, Query(description="The `next` of the answer before.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_REGIONS)] = MOST_REGIONS,
) -> StatisticsOut:
    """Show caseloads, and graduations against targets, in total and by region."""
    asked = Asked(year=year, on=clock.today(), within=within, seen_by=actor)
    # The query itself keeps to what the caller may see: a guard a row would take seconds more.
    async with uow.seeing(SYSTEM):
        total, found = await statistics.by_region(uow, asked, level=level)
    after = [(code, figures) for code, figures in found.items() if code > (cursor or "")]
    shown = after[:limit]
    items = [RegionalFiguresOut(region_code=code, **vars(figures)) for code, figures in shown]
    return StatisticsOut(
        year=year,
        total=FiguresOut.model_validate(total),
        items=items,
        next=shown[-1][0] if len(after) > limit else None,
    )
