"""What is asked of villages, offers, demands and matches."""

from uuid import UUID

from sqlmodel import col, exists, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from kernel.auth import Actor
from kernel.pagination import PageRequest, Rows
from services.empowerment.areas import in_region, visible
from services.empowerment.villages.models import (
    CancelledOrder,
    MaterialDemand,
    SupplyMatch,
    SupplyOffer,
    Village,
)
from services.empowerment.villages.problems import (
    DemandNotFound,
    OfferNotFound,
    VillageNotFound,
)


async def get(session: AsyncSession, village_id: UUID, *, actor: Actor) -> Village:
    """Return a village; raises VillageNotFound."""
    village = await session.get(Village, village_id)
    if village is None or not actor.sees_region(village.desa_code):
        raise VillageNotFound(village_id=village_id)
    return village


async def find(session: AsyncSession, desa_code: str) -> Village | None:
    """Return the village of this desa."""
    query = select(Village).where(Village.desa_code == desa_code)
    return (await session.exec(query)).one_or_none()


async def list_(
    session: AsyncSession,
    page: PageRequest,
    *,
    actor: Actor,
    region: str | None,
) -> Rows[Village]:
    """Return villages."""
    query = select(Village).where(visible(col(Village.desa_code), actor))
    query = query.where(in_region(col(Village.desa_code), region)) if region else query
    return await page.rows(session, query, Village)


async def get_offer(session: AsyncSession, offer_id: UUID, *, lock: bool = False) -> SupplyOffer:
    """Return an offer; raises OfferNotFound."""
    offer = await session.get(SupplyOffer, offer_id, with_for_update=lock or None)
    if offer is None:
        raise OfferNotFound(offer_id=offer_id)
    return offer


async def find_offer(session: AsyncSession, reference: str) -> SupplyOffer | None:
    """Return the offer with this reference."""
    query = select(SupplyOffer).where(SupplyOffer.reference == reference)
    return (await session.exec(query)).one_or_none()


async def list_offers(
    session: AsyncSession,
    page: PageRequest,
    *,
    village_id: UUID | None,
    material: str | None,
    reference: str | None,
) -> Rows[SupplyOffer]:
    """Return offers of every village: material is found across regions."""
    query = select(SupplyOffer)
    query = query.where(SupplyOffer.village_id == village_id) if village_id else query
    query = query.where(SupplyOffer.material == material) if material else query
    query = query.where(SupplyOffer.reference == reference) if reference else query
    return await page.rows(session, query, SupplyOffer)


async def get_demand(session: AsyncSession, demand_id: UUID, *, lock: bool) -> MaterialDemand:
    """Return a demand of an order that still stands; raises DemandNotFound."""
    query = _standing().where(MaterialDemand.id == demand_id)
    query = query.with_for_update() if lock else query
    demand = (await session.exec(query)).one_or_none()
    if demand is None:
        raise DemandNotFound(demand_id=demand_id)
    return demand


async def list_demands(
    session: AsyncSession, page: PageRequest, *, order_id: UUID | None, material: str | None
) -> Rows[MaterialDemand]:
    """Return the demands of orders that still stand."""
    query = _standing()
    query = query.where(MaterialDemand.order_id == order_id) if order_id else query
    query = query.where(MaterialDemand.material == material) if material else query
    return await page.rows(session, query, MaterialDemand)


async def list_matches(
    session: AsyncSession, page: PageRequest, *, offer_id: UUID | None, demand_id: UUID | None
) -> Rows[SupplyMatch]:
    """Return what was matched."""
    query = select(SupplyMatch)
    query = query.where(SupplyMatch.offer_id == offer_id) if offer_id else query
    query = query.where(SupplyMatch.demand_id == demand_id) if demand_id else query
    return await page.rows(session, query, SupplyMatch)


def _standing() -> SelectOfScalar[MaterialDemand]:
    cancelled = exists().where(col(CancelledOrder.order_id) == col(MaterialDemand.order_id))
    return select(MaterialDemand).where(~cancelled)
