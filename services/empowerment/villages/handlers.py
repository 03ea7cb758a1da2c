"""How villages hear of what export orders need; a cancellation may be told before the need."""

from sqlalchemy.dialects.postgresql import insert

from contracts.export import MaterialDemanded, OrderCancelled
from kernel.db import UnitOfWork
from kernel.subscriptions import Subscriptions
from services.empowerment.villages.models import CancelledOrder, MaterialDemand

when = Subscriptions("empowerment.villages")


@when(MaterialDemanded)
async def hear_of_the_demand(event: MaterialDemanded, uow: UnitOfWork) -> None:
    """Keep what an order needs, and by when."""
    demand = insert(MaterialDemand).values(
        id=event.demand_id,
        order_id=event.order_id,
        material=event.material,
        kilograms=event.kilograms,
        needed_by=event.needed_by,
    )
    await uow.execute(demand.on_conflict_do_nothing())


@when(OrderCancelled)
async def drop_the_demands(event: OrderCancelled, uow: UnitOfWork) -> None:
    """Remember that the order needs nothing any more."""
    cancelled = insert(CancelledOrder).values(
        order_id=event.order_id, cancelled_on=event.cancelled_on
    )
    await uow.execute(cancelled.on_conflict_do_nothing())
