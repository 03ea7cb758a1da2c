"""Deliveries of BPS over HTTP: opened, filled by JSON or CSV, closed by a second person."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from kernel.fields import BusinessDate, Code
from kernel.pagination import Page, PageQuery, Rows
from kernel.web import Body, Uow, View, slice_router
from services.registry.dtsen import actions, queries
from services.registry.dtsen.access import MayApprove, MayRead, MayWrite
from services.registry.dtsen.actions import Filled
from services.registry.dtsen.delivered import batches
from services.registry.dtsen.lifecycle import State
from services.registry.dtsen.models import DeliveryKind, DtsenDelivery
from services.registry.dtsen.problems import FileNotCsv
from services.registry.dtsen.queries import NAMED_AT_MOST, Batch, NamedBy

router = slice_router("/dtsen-deliveries", tag="welfare")
ROUTERS: tuple[APIRouter, ...] = (router,)

CYCLE = r"^20[0-9]{2}Q[1-4]$"
CSV_BODY = {
    "requestBody": {
        "required": True,
        "content": {"text/csv": {"schema": {"type": "string", "minLength": 1}}},
    }
}


class DeliveryIn(Body):
    """What BPS hands over: a cycle's ranking, or what it corrects in one, with its document."""

    cycle: Annotated[str, Field(pattern=CYCLE, examples=["2025Q3"])]
    kind: DeliveryKind = DeliveryKind.RANKING
    reference_date: BusinessDate
    document_number: Code
    received_on: BusinessDate


class DeliveryOut(View):
    """A delivery: lines received, families ranked by it, lines of unknown families.

    `recorded` entered the ledger, when it was closed; of `published` the world was told.
    """

    id: UUID
    version: int
    cycle: str
    kind: DeliveryKind
    reference_date: date
    document_number: str
    received_on: date
    state: State
    received: int
    ranked: int
    unknown: int
    recorded: int
    published: int


class LineIn(Body):
    """A family, by the number that its sender gave it, and its decile; 1 is the poorest tenth."""

    reference: Code
    decile: Annotated[int, Field(ge=1, le=10)]


class LinesIn(Body):
    """Up to 500 lines; longer deliveries come as CSV."""

    items: Annotated[list[LineIn], Field(min_length=1, max_length=500)]


class FilledOut(View):
    """What became of the lines; `unknown_lines`: the first of those whose family we do not know."""

    received: int
    ranked: int
    unchanged: int
    unknown: int
    unknown_lines: list[int]


@router.post("", status_code=201, response_model=DeliveryOut)
async def open_delivery(
    body: DeliveryIn, actor: MayWrite, uow: Uow, response: Response
) -> DtsenDelivery:
    """Open a delivery, to be filled."""
    delivery = DtsenDelivery(**body.model_dump(), opened_by=actor.subject)
    await queries.require_deliverable(uow.session, delivery)
    uow.add(delivery)
    response.headers["Location"] = f"/v1/dtsen-deliveries/{delivery.id}"
    return delivery


@router.get("/{delivery_id}", response_model=DeliveryOut)
async def show_delivery(delivery_id: UUID, actor: MayRead, uow: Uow) -> DtsenDelivery:
    """Show how far a delivery is."""
    return await queries.get_delivery(uow.session, delivery_id)


@router.get("", response_model=Page[DeliveryOut])
async def list_deliveries(
    actor: MayRead,
    uow: Uow,
    page: PageQuery,
    cycle: Annotated[str | None, Query(pattern=CYCLE, examples=["2025Q3"])] = None,
) -> Rows[DtsenDelivery]:
    """List the deliveries."""
    return await queries.list_deliveries(uow.session, page, cycle=cycle)


@router.post("/{delivery_id}/lines")
async def add_lines(delivery_id: UUID, body: LinesIn, actor: MayWrite, uow: Uow) -> FilledOut:
    """Put lines into an open delivery: all of them, or none; the same again changes nothing."""
    delivery = await queries.get_delivery(uow.session, delivery_id, for_change=True)
    return _shown(await actions.fill(uow, delivery, _one(body), actor=actor))


@router.post("/{delivery_id}/file", openapi_extra=CSV_BODY)
async def add_file(delivery_id: UUID, request: Request, actor: MayWrite, uow: Uow) -> FilledOut:
    """Put the lines of a CSV file, `reference,decile` or `household_id,decile`, into it."""
    media_type, _, _ = request.headers.get("content-type", "").partition(";")
    if media_type.strip().lower() != "text/csv":
        raise FileNotCsv
    delivery = await queries.get_delivery(uow.session, delivery_id, for_change=True)
    return _shown(await actions.fill(uow, delivery, batches(request.stream()), actor=actor))


@router.post("/{delivery_id}/close", response_model=DeliveryOut)
async def close_delivery(delivery_id: UUID, actor: MayApprove, uow: Uow) -> DtsenDelivery:
    """Declare a delivery complete; the worker then records and publishes it."""
    delivery = await queries.get_delivery(uow.session, delivery_id, for_change=True)
    differing = await queries.count_differing(uow.session, delivery)
    delivery.close(by=actor.subject, differing=differing)
    return delivery


@router.post("/{delivery_id}/discard", response_model=DeliveryOut)
async def discard_delivery(delivery_id: UUID, actor: MayWrite, uow: Uow) -> DtsenDelivery:
    """Forget a delivery that was opened or filled by mistake."""
    delivery = await queries.get_delivery(uow.session, delivery_id, for_change=True)
    delivery.discard()
    await actions.forget(uow, delivery)
    return delivery


async def _one(body: LinesIn) -> AsyncIterator[Batch]:
    yield Batch(
        NamedBy.REFERENCE,
        numbers=range(1, len(body.items) + 1),
        families=[item.reference for item in body.items],
        deciles=[item.decile for item in body.items],
    )


def _shown(filled: Filled) -> FilledOut:
    return FilledOut(
        received=filled.received,
        ranked=filled.ranked,
        unchanged=filled.unchanged,
        unknown=len(filled.unknown),
        unknown_lines=filled.unknown[:NAMED_AT_MOST],
    )
