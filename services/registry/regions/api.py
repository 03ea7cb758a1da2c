"""Regions over HTTP: by code, level by level, and the candidates for a name."""

from typing import Annotated

from fastapi import APIRouter, Query

from kernel.fields import RegionCode
from kernel.pagination import DEFAULT_LIMIT, MAX_LIMIT, Page
from kernel.web import Uow, View, slice_router
from services.registry.regions import queries
from services.registry.regions.access import MayRead
from services.registry.regions.models import Level, Region

router = slice_router("/regions", tag="regions")
candidates_router = slice_router("/region-candidates", tag="regions")
ROUTERS: tuple[APIRouter, ...] = (router, candidates_router)


class RegionOut(View):
    """A region by its Kemendagri code."""

    code: str
    name: str
    level: Level
    parent_code: str | None


class CandidateOut(View):
    """A region that a name may mean; `path` names it from its province down."""

    code: str
    name: str
    level: Level
    path: list[str]


class CandidatesOut(View):
    """Every region of the name; more than one means: ask which."""

    items: list[CandidateOut]


@router.get("/{code}", response_model=RegionOut)
async def show_region(code: RegionCode, actor: MayRead, uow: Uow) -> Region:
    """Show one region."""
    return await queries.get(uow.session, code)


@router.get("", response_model=Page[RegionOut])
async def list_regions(  # one parameter a filter
    actor: MayRead,
    uow: Uow,
    *,
    parent: RegionCode | None = None,
    level: Level | None = None,
    cursor: Annotated[
        RegionCode | None, Query(description="The `next` of the page before.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
) -> Page[RegionOut]:
    """List regions in the order of their codes; `next` is the last code shown."""
    found = await queries.list_(
        uow.session, parent=parent, level=level, after=cursor or "", limit=limit + 1
    )
    items = [RegionOut.model_validate(region) for region in found[:limit]]
    return Page(items=items, next=items[-1].code if len(found) > limit else None)


@candidates_router.get("", response_model=CandidatesOut)
async def find_candidates(
    name: Annotated[str, Query(min_length=1, max_length=100)],
    actor: MayRead,
    uow: Uow,
    level: Level | None = None,
) -> CandidatesOut:
    """Find what a name may mean; never one region silently, as names repeat."""
    found = await queries.candidates(uow.session, name, level=level)
    around = {part for region in found for part in _path(region.code)}
    names = await queries.names_of(uow.session, around)
    return CandidatesOut(
        items=[
            CandidateOut(
                code=region.code,
                name=region.name,
                level=region.level,
                path=[names[part] for part in _path(region.code)],
            )
            for region in found
        ]
    )


def _path(code: str) -> list[str]:
    parts = code.split(".")
    return [".".join(parts[: depth + 1]) for depth in range(len(parts))]
