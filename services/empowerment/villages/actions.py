"""What touches a village and its offers, or an offer and a demand."""

from datetime import date
from uuid import UUID

from kernel.auth import Actor
from kernel.db import UnitOfWork
from services.empowerment.villages import queries
from services.empowerment.villages.models import SupplyMatch, SupplyOffer, Village
from services.empowerment.villages.problems import OfferReferenceTaken, VillageDeclaredAlready


async def declare(uow: UnitOfWork, village: Village) -> None:
    """Add a village; raises VillageDeclaredAlready."""
    if await queries.find(uow.session, village.desa_code):
        raise VillageDeclaredAlready(desa_code=village.desa_code)
    uow.add(village)


async def offer(
    uow: UnitOfWork,
    village_id: UUID,
    *,
    reference: str,
    material: str,
    kilograms: int,
    available_from: date,
    actor: Actor,
) -> SupplyOffer:
    """Offer a village's material; raises VillageNotFound, OfferReferenceTaken."""
    village = await queries.get(uow.session, village_id, actor=actor)
    if await queries.find_offer(uow.session, reference):
        raise OfferReferenceTaken(reference=reference)
    made, told = village.offer(
        reference=reference,
        material=material,
        kilograms=kilograms,
        available_from=available_from,
    )
    uow.add(made)
    uow.publish(told, key=made.id)
    return made


async def match(uow: UnitOfWork, *, offer_id: UUID, demand_id: UUID, kilograms: int) -> SupplyMatch:
    """Promise an offer's material to a demand; the offer is always locked before the demand.

    The event has the offer's key: that something was offered is told before it is matched.

    Raises:
        OfferNotFound, DemandNotFound, MaterialDiffers, OfferExceeded, DemandExceeded.
    """
    supply = await queries.get_offer(uow.session, offer_id, lock=True)
    demand = await queries.get_demand(uow.session, demand_id, lock=True)
    made, told = supply.match(demand, kilograms=kilograms)
    uow.add(made)
    uow.publish(told, key=supply.id)
    return made
