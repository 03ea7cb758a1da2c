"""How callbacks fare: states, attempts and codes; nothing of what they say."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field

from kernel import clock
from kernel.pagination import Page, PageQuery, Rows
from kernel.parcels import ParcelState
from kernel.web import Uow, View, slice_router
from services.registry.agency import Agency
from services.registry.dci.deliveries import queries
from services.registry.dci.deliveries.access import MayRead, MayWrite
from services.registry.dci.deliveries.models import Delivery

router = slice_router("/dci-deliveries", tag="dci-deliveries")
ROUTERS = (router,)


class DeliveryOut(View):
    """One callback; `id` is its message_id, `owner` the sender_id that it goes to."""

    id: UUID
    action: str
    owner: str
    organisation: str
    exchange_id: UUID | None = Field(description="The correlation_id of the request answered.")
    subscription_id: UUID | None = Field(description="The code of the subscription notified.")
    state: ParcelState
    attempts: int
    due_at: datetime
    last_status: int | None
    last_error: str | None
    recorded_at: datetime
    ended_at: datetime | None


@router.get("", response_model=Page[DeliveryOut])
async def list_dci_deliveries(
    actor: MayRead,
    uow: Uow,
    page: PageQuery,
    agency: Agency,
    state: Annotated[ParcelState | None, Query()] = None,
) -> Rows[Delivery]:
    """List callbacks of the last 14 days, oldest first: the agency's view, or a partner's own."""
    return await queries.list_(uow.session, page, actor=actor, agency=agency, state=state)


@router.post("/{delivery_id}/resend", response_model=DeliveryOut)
async def resend_dci_delivery(
    delivery_id: UUID, actor: MayWrite, uow: Uow, agency: Agency
) -> Delivery:
    """Send an ended callback once more, with the same message_id and the rights of that moment."""
    delivery = await queries.get(uow.session, delivery_id, actor=actor, agency=agency)
    delivery.resend(at=clock.now())
    await queries.reopen(uow, delivery.owner, urls=[delivery.url])
    return delivery
