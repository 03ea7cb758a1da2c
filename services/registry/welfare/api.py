"""Deciles over HTTP: recorded as BPS sent them, a family's ledger, how they lie, who moved."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query
from pydantic import AwareDatetime, Field

from kernel.fields import BusinessDate, RegionCode
from kernel.pagination import Page, PageQuery, Rows
from kernel.sight import SYSTEM
from kernel.web import Body, Uow, View, slice_router
from services.registry.households import queries as households
from services.registry.regions.models import Level
from services.registry.welfare import actions, queries, standings
from services.registry.welfare.access import MayRead, MayWrite
from services.registry.welfare.actions import Ranking
from services.registry.welfare.models import DecileRecord, Source
from services.registry.welfare.problems import FamilyNamedTwice
from services.registry.welfare.standings import Place, Slab

router = slice_router("/welfare-cycles", tag="welfare")
ledger_router = slice_router("/households", tag="welfare")
distributions_router = slice_router("/decile-distributions", tag="welfare")
movements_router = slice_router("/decile-movements", tag="welfare")
ROUTERS: tuple[APIRouter, ...] = (router, ledger_router, distributions_router, movements_router)

CYCLE = r"^20[0-9]{2}Q[1-4]$"
MOST_REGIONS = 1_000
Cycle = Annotated[str, Path(pattern=CYCLE, examples=["2025Q1"])]
CycleAsked = Annotated[str, Query(pattern=CYCLE, examples=["2025Q1"])]
SinceAsked = Annotated[str, Query(pattern=CYCLE, examples=["2024Q4"])]
KnownAt = Annotated[
    AwareDatetime | None,
    Query(description="What we believed at this moment; now when left out."),
]


class RankedIn(Body):
    """A family and its decile; 1 is the poorest tenth."""

    household_id: UUID
    decile: Annotated[int, Field(ge=1, le=10)]


class DecilesIn(Body):
    """Up to 500 deciles of one cycle, and the day they speak of."""

    reference_date: BusinessDate
    source: Source
    items: Annotated[list[RankedIn], Field(min_length=1, max_length=500)]


class RecordedOut(View):
    """How many deciles were new, and how many the ledger held already."""

    cycle: str
    recorded: int
    unchanged: int


class DecileOut(View):
    """A line of a family's ledger: believed from `recorded_at` until `superseded_at`, if ever."""

    cycle: str
    decile: int
    reference_date: date
    source: Source
    desa_code: str
    delivery_id: UUID | None
    recorded_at: datetime
    superseded_at: datetime | None


class MovementsOut(View):
    """Families by how they moved since another cycle; up is towards decile 10, better off."""

    cycle: str
    since: str
    up: int
    down: int
    same: int
    new: int


class DistributionOut(View):
    """Ranked families by decile, from the first to the tenth."""

    families: int
    deciles: list[int]


class RegionalDistributionOut(DistributionOut):
    """The same of one region."""

    region_code: str


class DistributionsOut(View):
    """A cycle's deciles as believed, in total and by region; `next` is the last code shown."""

    cycle: str
    total: DistributionOut
    items: list[RegionalDistributionOut]
    next: str | None


class DirectionsOut(View):
    """Families by how they moved; `left`: ranked in the earlier cycle alone."""

    up: int
    down: int
    same: int
    new: int
    left: int


class RegionalDirectionsOut(DirectionsOut):
    """The same of one region."""

    region_code: str


class FlowOut(View):
    """A filled cell of the matrix; `since` null: newly ranked, `now` null: left."""

    since: int | None
    now: int | None
    families: int


class MovedOut(View):
    """Who moved between two cycles: in total, decile to decile, and by region."""

    cycle: str
    since: str
    total: DirectionsOut
    flows: list[FlowOut]
    items: list[RegionalDirectionsOut]
    next: str | None


async def _place(
    actor: MayRead, *, within: RegionCode | None = None, known_at: KnownAt = None
) -> Place:
    return Place(within=within, seen_by=actor, known_at=known_at)


async def _slab(
    *,
    level: Level = Level.PROVINCE,
    cursor: Annotated[
        RegionCode | None, Query(description="The `next` of the answer before.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_REGIONS)] = MOST_REGIONS,
) -> Slab:
    return Slab(level=level, after=cursor or "", limit=limit)


PlaceAsked = Annotated[Place, Depends(_place)]
SlabAsked = Annotated[Slab, Depends(_slab)]


@router.post("/{cycle}/deciles")
async def record_deciles(cycle: Cycle, body: DecilesIn, actor: MayWrite, uow: Uow) -> RecordedOut:
    """Record what BPS ranked: all of it, or nothing; the same again changes nothing."""
    deciles = {item.household_id: item.decile for item in body.items}
    if len(deciles) < len(body.items):
        raise FamilyNamedTwice
    places = {
        item.household_id: f"/items/{index}/household_id" for index, item in enumerate(body.items)
    }
    families = await households.get_all(uow.session, places, seen_by=actor)
    ranking = Ranking(cycle, body.reference_date, body.source, by=actor.subject)
    recorded = await actions.record(uow, ranking, deciles, families=families)
    return RecordedOut(cycle=cycle, recorded=recorded, unchanged=len(deciles) - recorded)


@router.get("/{cycle}/movements")
async def count_movements(
    cycle: Cycle, since: SinceAsked, actor: MayRead, uow: Uow
) -> MovementsOut:
    """Count who moved between two cycles, among the families that the caller may see."""
    place = Place(within=None, seen_by=actor)
    async with uow.seeing(SYSTEM):  # the query itself keeps to what the caller may see
        flows = await standings.flows(uow, cycle=cycle, since=since, place=place)
    return MovementsOut(cycle=cycle, since=since, **vars(standings.movements(flows)))


@ledger_router.get("/{household_id}/deciles", response_model=Page[DecileOut])
async def list_deciles(  # one parameter a filter
    household_id: UUID,
    actor: MayRead,
    uow: Uow,
    page: PageQuery,
    *,
    cycle: Annotated[str | None, Query(pattern=CYCLE, examples=["2025Q1"])] = None,
    known_at: KnownAt = None,
) -> Rows[DecileRecord]:
    """List a family's deciles as they were recorded, or those that we believed at a moment."""
    await households.get(uow.session, household_id, seen_by=actor)
    return await queries.list_(
        uow.session, page, household_id=household_id, cycle=cycle, known_at=known_at
    )


@distributions_router.get("")
async def show_distribution(
    cycle: CycleAsked, place: PlaceAsked, slab: SlabAsked, uow: Uow
) -> DistributionsOut:
    """Show how a cycle's deciles lie, by where families lived when they were recorded."""
    async with uow.seeing(SYSTEM):  # the query itself keeps to what the caller may see
        total = await standings.distribution(uow, cycle, place=place)
        by_region = await standings.distribution_by_region(uow, cycle, place=place, slab=slab)
    items = [
        RegionalDistributionOut(region_code=code, families=sum(counts), deciles=counts)
        for code, counts in by_region.items()
    ]
    return DistributionsOut(
        cycle=cycle,
        total=DistributionOut(families=sum(total), deciles=total),
        items=items,
        next=_next(list(by_region), slab=slab),
    )


@movements_router.get("")
async def show_movements(
    cycle: CycleAsked, since: SinceAsked, place: PlaceAsked, slab: SlabAsked, uow: Uow
) -> MovedOut:
    """Show who moved between two cycles: decile to decile, and by region."""
    async with uow.seeing(SYSTEM):  # the query itself keeps to what the caller may see
        flows = await standings.flows(uow, cycle=cycle, since=since, place=place)
        by_region = await standings.movements_by_region(
            uow, cycle=cycle, since=since, place=place, slab=slab
        )
    return MovedOut(
        cycle=cycle,
        since=since,
        total=DirectionsOut.model_validate(standings.movements(flows)),
        flows=[FlowOut.model_validate(flow) for flow in flows],
        items=[
            RegionalDirectionsOut(region_code=code, **vars(moved))
            for code, moved in by_region.items()
        ],
        next=_next(list(by_region), slab=slab),
    )


def _next(codes: list[str], *, slab: Slab) -> str | None:
    return codes[-1] if len(codes) == slab.limit else None
