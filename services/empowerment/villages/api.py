"""Villages, their supply, and the demand of orders, over HTTP."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import Field

from kernel.fields import BusinessDate, Code, DesaCode, Kilograms, Name, RegionCode
from kernel.pagination import Page, PageQuery
from kernel.web import Body, Uow, View, slice_router
from services.empowerment import areas
from services.empowerment.villages import actions, queries
from services.empowerment.villages.access import MayRead, MayWrite
from services.empowerment.villages.models import (
    SupplyMatch,
    SupplyOffer,
    Village,
    VillageKind,
)

router = slice_router("", tag="villages")

Material = Annotated[str, Field(min_length=1, max_length=100)]
MaterialFilter = Annotated[str | None, Query(max_length=100)]


class VillageIn(Body):
    """A village to declare."""

    desa_code: DesaCode
    name: Name
    kind: VillageKind
    commodities: Annotated[list[Material], Field(min_length=1, max_length=20)]
    declared_on: BusinessDate


class VillageOut(View):
    """A village."""

    id: UUID
    version: int
    desa_code: str
    name: str
    kind: VillageKind
    commodities: list[str]
    declared_on: date


class OfferIn(Body):
    """Raw material that a village offers."""

    reference: Code
    village_id: UUID
    material: Material
    kilograms: Kilograms
    available_from: BusinessDate


class OfferOut(View):
    """An offer, and how much of it is promised."""

    id: UUID
    version: int
    reference: str
    village_id: UUID
    desa_code: str
    material: str
    kilograms: int
    matched_kilograms: int
    open_kilograms: int
    available_from: date


class DemandOut(View):
    """Raw material that an order needs, and how much of it villages supply."""

    id: UUID
    version: int
    order_id: UUID
    material: str
    kilograms: int
    matched_kilograms: int
    open_kilograms: int
    needed_by: date


class MatchIn(Body):
    """How much of an offer goes to a demand."""

    offer_id: UUID
    demand_id: UUID
    kilograms: Kilograms


class MatchOut(View):
    """A match."""

    id: UUID
    version: int
    offer_id: UUID
    demand_id: UUID
    kilograms: int


@router.post("/villages", status_code=201, response_model=VillageOut)
async def declare_village(
    body: VillageIn, actor: MayWrite, uow: Uow, response: Response
) -> Village:
    """Declare a desa a Kampung Berdaya."""
    areas.require(actor, body.desa_code)
    village = Village(**body.model_dump())
    await actions.declare(uow, village)
    response.headers["Location"] = f"/v1/villages/{village.id}"
    return village


@router.get("/villages", response_model=Page[VillageOut])
async def list_villages(
    actor: MayRead, uow: Uow, page: PageQuery, region: RegionCode | None = None
) -> object:
    """List villages."""
    return await queries.list_(uow.session, page, actor=actor, region=region)


@router.get("/villages/{village_id}", response_model=VillageOut)
async def read_village(village_id: UUID, actor: MayRead, uow: Uow) -> Village:
    """Show a village."""
    return await queries.get(uow.session, village_id, actor=actor)


@router.post("/supply-offers", status_code=201, response_model=OfferOut)
async def offer_supply(body: OfferIn, actor: MayWrite, uow: Uow, response: Response) -> SupplyOffer:
    """Offer a village's raw material."""
    offer = await actions.offer(uow, **body.model_dump(), actor=actor)
    response.headers["Location"] = f"/v1/supply-offers/{offer.id}"
    return offer


@router.get("/supply-offers", response_model=Page[OfferOut])
async def list_offers(
    actor: MayRead,
    uow: Uow,
    page: PageQuery,
    village_id: UUID | None = None,
    material: MaterialFilter = None,
    reference: Code | None = None,
) -> object:
    """List offers of every village: one village's goods need another's material."""
    return await queries.list_offers(
        uow.session, page, village_id=village_id, material=material, reference=reference
    )


@router.get("/supply-offers/{offer_id}", response_model=OfferOut)
async def read_offer(offer_id: UUID, actor: MayRead, uow: Uow) -> SupplyOffer:
    """Show an offer."""
    return await queries.get_offer(uow.session, offer_id)


@router.get("/material-demands", response_model=Page[DemandOut])
async def list_demands(
    actor: MayRead,
    uow: Uow,
    page: PageQuery,
    order_id: UUID | None = None,
    material: MaterialFilter = None,
) -> object:
    """List what the standing orders need."""
    return await queries.list_demands(uow.session, page, order_id=order_id, material=material)


@router.post("/supply-matches", status_code=201, response_model=MatchOut)
async def match_supply(body: MatchIn, actor: MayWrite, uow: Uow) -> SupplyMatch:
    """Promise an offer's material to a demand; never more than offered, never more than needed."""
    return await actions.match(
        uow, offer_id=body.offer_id, demand_id=body.demand_id, kilograms=body.kilograms
    )


@router.get("/supply-matches", response_model=Page[MatchOut])
async def list_matches(
    actor: MayRead,
    uow: Uow,
    page: PageQuery,
    offer_id: UUID | None = None,
    demand_id: UUID | None = None,
) -> object:
    """List what was matched."""
    return await queries.list_matches(uow.session, page, offer_id=offer_id, demand_id=demand_id)
