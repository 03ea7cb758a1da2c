"""Deciles over HTTP: a cycle recorded as BPS sent it, a family's ledger, who moved."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query
from pydantic import Field

from kernel.fields import BusinessDate
from kernel.pagination import Page, PageQuery, Rows
from kernel.web import Body, Uow, View, slice_router
from services.registry.households import queries as households
from services.registry.welfare import actions, queries
from services.registry.welfare.access import MayRead, MayWrite
from services.registry.welfare.actions import Ranking
from services.registry.welfare.models import DecileRecord, Source
from services.registry.welfare.problems import FamilyNamedTwice

router = slice_router("/welfare-cycles", tag="welfare")
ledger_router = slice_router("/households", tag="welfare")
ROUTERS: tuple[APIRouter, ...] = (router, ledger_router)

CYCLE = r"^20[0-9]{2}Q[1-4]$"
Cycle = Annotated[str, Path(pattern=CYCLE, examples=["2025Q1"])]


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
    """A line of a family's ledger."""

    cycle: str
    decile: int
    reference_date: date
    source: Source
    recorded_at: datetime


class MovementsOut(View):
    """Families by how they moved since another cycle; up is towards decile 10, better off."""

    cycle: str
    since: str
    up: int
    down: int
    same: int
    new: int


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
    ranking = Ranking(cycle, body.reference_date, body.source)
    recorded = await actions.record(uow, ranking, deciles, families=families)
    return RecordedOut(cycle=cycle, recorded=recorded, unchanged=len(deciles) - recorded)


@router.get("/{cycle}/movements")
async def count_movements(
    cycle: Cycle,
    since: Annotated[str, Query(pattern=CYCLE, examples=["2024Q4"])],
    actor: MayRead,
    uow: Uow,
) -> MovementsOut:
    """Count who moved between two cycles, among the families that the caller may see."""
    moved = await queries.movements(uow.session, cycle=cycle, since=since, seen_by=actor)
    return MovementsOut(cycle=cycle, since=since, **vars(moved))


@ledger_router.get("/{household_id}/deciles", response_model=Page[DecileOut])
async def list_deciles(
    household_id: UUID, actor: MayRead, uow: Uow, page: PageQuery
) -> Rows[DecileRecord]:
    """List a family's deciles as they were recorded."""
    await households.get(uow.session, household_id, seen_by=actor)
    return await queries.list_(uow.session, page, household_id=household_id)
