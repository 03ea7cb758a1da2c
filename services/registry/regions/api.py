"""Regions over HTTP: by code, level by level, and the candidates for a name."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from kernel.fields import BusinessDate, RegionCode
from kernel.pagination import DEFAULT_LIMIT, MAX_LIMIT, Page
from kernel.web import Uow, View, slice_router
from services.registry.regions import queries
from services.registry.regions.access import MayRead
from services.registry.regions.models import Level, Region, path_of
from services.registry.regions.queries import MAX_CANDIDATES, Candidate

router = slice_router("/regions", tag="regions")
candidates_router = slice_router("/region-candidates", tag="regions")
ROUTERS: tuple[APIRouter, ...] = (router, candidates_router)

FEW = 20


class RegionOut(View):
    """A region by its Kemendagri code; its first day, and the first day it was no more, if known.

    `bps_code` is the code of Statistics Indonesia, where it is known.
    """

    code: str
    name: str
    level: Level
    parent_code: str | None
    valid_from: date | None
    valid_until: date | None
    bps_code: str | None


class CandidateOut(View):
    """A region that a name may mean; `path` names it from its province down.

    `score` is 1 when it has the very name, less for each letter that differs.
    """

    code: str
    name: str
    level: Level
    path: list[str]
    score: float


class CandidatesOut(View):
    """What a name may mean, the likeliest first; `ambiguous` means: ask which."""

    items: list[CandidateOut]
    ambiguous: bool


@router.get("/{code}", response_model=RegionOut)
async def show_region(
    code: RegionCode, actor: MayRead, uow: Uow, on: BusinessDate | None = None
) -> Region:
    """Show one region, with `on` only if it was valid on that day."""
    return await queries.get(uow.session, code, on=on)


@router.get("", response_model=Page[RegionOut])
async def list_regions(  # one parameter a filter
    actor: MayRead,
    uow: Uow,
    *,
    parent: RegionCode | None = None,
    level: Level | None = None,
    on: Annotated[BusinessDate | None, Query(description="Today when left out.")] = None,
    cursor: Annotated[
        RegionCode | None, Query(description="The `next` of the page before.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
) -> Page[RegionOut]:
    """List the regions valid on a day by their codes; `next` is the last code shown."""
    found = await queries.list_(
        uow.session, parent=parent, level=level, on=on, after=cursor or "", limit=limit + 1
    )
    items = [RegionOut.model_validate(region) for region in found[:limit]]
    return Page(items=items, next=items[-1].code if len(found) > limit else None)


@candidates_router.get("")
async def find_candidates(  # one parameter a filter
    name: Annotated[str, Query(min_length=1, max_length=100)],
    actor: MayRead,
    uow: Uow,
    *,
    level: Level | None = None,
    within: Annotated[RegionCode | None, Query(description="The region around.")] = None,
    on: Annotated[BusinessDate | None, Query(description="Today when left out.")] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_CANDIDATES)] = FEW,
) -> CandidatesOut:
    """Find what a name may mean; never one region silently, as names repeat.

    "Kab.", "Kota", "Kec.", "Desa", "Kel." before it narrow the search; spaces, signs and a few
    wrong letters do not matter.
    """
    found = await queries.candidates(uow.session, name, level=level, within=within, on=on)
    shown = found[:limit]
    around = {part for candidate in shown for part in path_of(candidate.region.code)}
    names = await queries.names_of(uow.session, around)
    ambiguous = bool(found) and queries.the_one(found) is None
    return CandidatesOut(items=[_out(each, names) for each in shown], ambiguous=ambiguous)


def _out(candidate: Candidate, names: dict[str, str]) -> CandidateOut:
    region = candidate.region
    return CandidateOut(
        **region.model_dump(include={"code", "name", "level"}),
        path=[names[code] for code in path_of(region.code)],
        score=candidate.score,
    )
