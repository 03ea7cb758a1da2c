"""The registry in figures."""

from fastapi import APIRouter

from contracts.registry import HouseholdStatus
from kernel.web import Uow, View, slice_router
from services.registry.regions.queries import names_of
from services.registry.summaries import queries
from services.registry.summaries.access import MayRead

router = slice_router("/summaries", tag="summaries")
ROUTERS: tuple[APIRouter, ...] = (router,)


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
