"""Work orders, and what groups deliver at the collection point."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Response
from pydantic import Field

from kernel.fields import BusinessDate, Code
from kernel.idempotency import IDEMPOTENCY_KEY_REQUIRED
from kernel.pagination import Page, PageQuery, Rows
from kernel.problems import FieldError, Text
from kernel.web import Body, Uow, View, slice_router
from services.export.capacity.queries import members_of
from services.export.production import actions, queries
from services.export.production.access import MayRead, MayWrite
from services.export.production.lifecycle import LotState, WorkOrderState
from services.export.production.models import Lot, WorkOrder
from services.export.production.problems import (
    MakerCountedTwice,
    MoreThanHandsCanMake,
    NotAMember,
)

# A trained maker weaves one to three baskets a day, at home.
PIECES_A_DAY = 3

router = slice_router("", tag="production")


class WorkOrderOut(View):
    """One group's share of an order line, and how far it is."""

    id: UUID
    version: int
    order_id: UUID
    line_id: UUID
    product_id: UUID
    group_id: UUID
    pieces: int
    delivered: int
    accepted: int
    rejected: int
    open_pieces: int
    opened_on: date
    due_on: date
    state: WorkOrderState


class CountIn(Body):
    """How many pieces one family brought, and on how many days it worked for them."""

    household_id: UUID
    pieces: Annotated[int, Field(ge=1, le=200)]
    days_worked: Annotated[int, Field(ge=1, le=7)]


class DeliveryIn(Body):
    """What a group brought to the collection point."""

    reference: Code
    work_order_id: UUID
    delivered_on: BusinessDate
    counts: Annotated[list[CountIn], Field(min_length=1, max_length=500)]


class LotOut(View):
    """A delivered lot, and what became of its pieces."""

    id: UUID
    version: int
    lot_number: str
    reference: str
    work_order_id: UUID
    order_id: UUID
    product_id: UUID
    group_id: UUID
    pieces: int
    set_aside: int
    accepted: int
    rejected: int
    packed: int
    delivered_on: date
    settled_on: date | None
    scrap_reason: str | None
    state: LotState


class MakerOut(View):
    """One family's pieces in a lot."""

    household_id: UUID
    pieces: int
    days_worked: int
    set_aside: int
    accepted: int
    rejected: int


class LotDetailOut(LotOut):
    """A lot with its makers."""

    makers: list[MakerOut]


@router.get("/work-orders", response_model=Page[WorkOrderOut])
async def list_work_orders(
    actor: MayRead,
    uow: Uow,
    page: PageQuery,
    order_id: UUID | None = None,
    group_id: UUID | None = None,
    state: WorkOrderState | None = None,
) -> Rows[WorkOrder]:
    """List work orders."""
    return await queries.list_work_orders(
        uow.session, page, actor=actor, order_id=order_id, group_id=group_id, state=state
    )


@router.get("/work-orders/{work_order_id}", response_model=WorkOrderOut)
async def read_work_order(work_order_id: UUID, actor: MayRead, uow: Uow) -> WorkOrder:
    """Show how far a group is with its share of an order line."""
    return await queries.get_work_order(uow.session, work_order_id, actor=actor, for_update=False)


@router.post("/work-orders/{work_order_id}/cancel", response_model=WorkOrderOut)
async def cancel_work_order(work_order_id: UUID, actor: MayWrite, uow: Uow) -> WorkOrder:
    """Take nothing more in for a work order; what was delivered is still inspected and paid."""
    work_order = await queries.get_work_order(uow.session, work_order_id, actor=actor)
    work_order.cancel()
    return work_order


@router.post(
    "/deliveries", response_model=LotOut, status_code=201, dependencies=[IDEMPOTENCY_KEY_REQUIRED]
)
async def take_a_delivery(body: DeliveryIn, actor: MayWrite, uow: Uow, response: Response) -> Lot:
    """Count what a group's members bring; the delivery becomes one lot for inspection."""
    _guard_the_counts(body.counts)
    work_order = await queries.get_work_order(uow.session, body.work_order_id, actor=actor)
    members = await members_of(uow.session, work_order.group_id)
    _guard_membership(body.counts, members)
    counts = [actions.Count(**count.model_dump()) for count in body.counts]
    lot = await actions.deliver(
        uow, work_order, reference=body.reference, counts=counts, on=body.delivered_on
    )
    response.headers["Location"] = f"/v1/lots/{lot.id}"
    return lot


@router.get("/lots", response_model=Page[LotOut])
async def list_lots(
    actor: MayRead,
    uow: Uow,
    page: PageQuery,
    order_id: UUID | None = None,
    work_order_id: UUID | None = None,
    state: LotState | None = None,
) -> Rows[Lot]:
    """List lots."""
    return await queries.list_lots(
        uow.session, page, actor=actor, order_id=order_id, work_order_id=work_order_id, state=state
    )


@router.get("/lots/{lot_id}", response_model=LotDetailOut)
async def read_lot(lot_id: UUID, actor: MayRead, uow: Uow) -> LotDetailOut:
    """Show a lot and its makers' counts."""
    lot = await queries.get_lot(uow.session, lot_id, actor=actor, for_update=False)
    makers = await queries.makers_of(uow.session, lot.id)
    uow.shown = lot.version
    return LotDetailOut(
        **LotOut.model_validate(lot).model_dump(),
        makers=[MakerOut.model_validate(maker) for maker in makers],
    )


def _guard_the_counts(counts: Sequence[CountIn]) -> None:
    seen: set[UUID] = set()
    for count in counts:
        if count.household_id in seen:
            raise MakerCountedTwice(household_id=str(count.household_id))
        seen.add(count.household_id)
    too_many = [
        i for i, count in enumerate(counts) if count.pieces > PIECES_A_DAY * count.days_worked
    ]
    if too_many:
        advice = Text(
            id="Paling banyak tiga buah untuk setiap hari kerja.",
            en="At most three pieces for each day worked.",
        )
        raise MoreThanHandsCanMake(
            a_day=PIECES_A_DAY,
            errors=tuple(FieldError(f"/counts/{i}/pieces", "too_many", advice) for i in too_many),
        )


def _guard_membership(counts: Sequence[CountIn], members: set[UUID]) -> None:
    strangers = [i for i, count in enumerate(counts) if count.household_id not in members]
    if strangers:
        advice = Text(id="Bukan anggota kelompok ini.", en="Not a member of this group.")
        raise NotAMember(
            errors=tuple(
                FieldError(f"/counts/{i}/household_id", "not_a_member", advice) for i in strangers
            )
        )
