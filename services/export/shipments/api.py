"""Shipments: packed, loaded, sealed, released with their papers, and on their way."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Path, Response
from pydantic import Field

from kernel.fields import BusinessDate, Code
from kernel.pagination import Page, PageQuery, Rows
from kernel.web import Body, IfMatch, Uow, View, slice_router
from services.export.orders import queries as orders
from services.export.shipments import actions, queries
from services.export.shipments.access import MayApprove, MayRead, MayWrite
from services.export.shipments.lifecycle import ContainerState, ShipmentState
from services.export.shipments.models import (
    Carton,
    Container,
    Content,
    DocumentKind,
    Load,
    Shipment,
)
from services.export.shipments.queries import PackedRow

router = slice_router("/shipments", tag="shipments")

ContainerNumber = Annotated[str, Path(max_length=20, examples=["CSQU3054383"])]


class ShipmentIn(Body):
    """A shipment to plan for one order."""

    reference: Code
    order_id: UUID
    planned_on: BusinessDate


class PackedIn(Body):
    """Accepted pieces of one lot."""

    lot_id: UUID
    pieces: Annotated[int, Field(ge=1, le=10_000)]


class CartonIn(Body):
    """A carton to pack; its number is unique in the shipment."""

    number: Code
    contents: Annotated[list[PackedIn], Field(min_length=1, max_length=50)]

    def packed(self) -> actions.Packed:
        """Return the carton in the domain's words, each lot once."""
        contents: dict[UUID, int] = {}
        for each in self.contents:
            contents[each.lot_id] = contents.get(each.lot_id, 0) + each.pieces
        return actions.Packed(number=self.number, contents=contents)


class CartonsIn(Body):
    """Cartons to pack together: all of them, or none."""

    cartons: Annotated[list[CartonIn], Field(min_length=1, max_length=200)]


class CartonOut(View):
    """A packed carton; `sscc` is its SSCC-18."""

    id: UUID
    version: int
    number: str
    sscc: str
    pieces: int
    container_id: UUID | None


class PackedOut(View):
    """What was packed."""

    cartons: int
    pieces: int
    items: list[CartonOut]


class ContainerIn(Body):
    """A container: its ISO 6346 number, and its size and type code (`22G1`, `45G1`)."""

    number: Annotated[str, Field(min_length=11, max_length=11, examples=["CSQU3054383"])]
    size_type: Annotated[str, Field(pattern="^[0-9A-Z]{4}$", examples=["45G1"])]


class LoadIn(Body):
    """Cartons that go into a container: all of them, or none."""

    carton_numbers: Annotated[list[Code], Field(min_length=1, max_length=1000)]


class SealIn(Body):
    """The seal that closes a container."""

    seal_number: Code
    sealed_on: BusinessDate


class DocumentIn(Body):
    """A paper's number and day."""

    number: Annotated[str, Field(min_length=1, max_length=100)]
    issued_on: BusinessDate


class ReleaseIn(Body):
    """The day of the release."""

    released_on: BusinessDate


class OnIn(Body):
    """The day of a step."""

    on: BusinessDate


class ContainerOut(View):
    """A container and what it holds."""

    number: str
    size_type: str
    state: ContainerState
    seal_number: str | None
    sealed_on: date | None
    cartons: int
    pieces: int

    @classmethod
    def of(cls, load: Load) -> "ContainerOut":
        """Return the container as shown."""
        return cls(**load.container.model_dump(), cartons=load.cartons, pieces=load.pieces)


class DocumentOut(View):
    """A paper of the shipment."""

    kind: DocumentKind
    number: str
    issued_on: date


class ShipmentSummaryOut(View):
    """A shipment in a list."""

    id: UUID
    version: int
    reference: str
    order_id: UUID
    planned_on: date
    released_on: date | None
    departed_on: date | None
    arrived_on: date | None
    state: ShipmentState


class ShipmentOut(ShipmentSummaryOut):
    """A shipment with its containers, cartons and papers."""

    cartons: int
    loaded_cartons: int
    pieces: int
    containers: list[ContainerOut]
    documents: list[DocumentOut]

    @classmethod
    def of(cls, shipment: Shipment, content: Content) -> "ShipmentOut":
        """Return the shipment as shown."""
        return cls(
            **shipment.model_dump(exclude={"documents"}),
            cartons=content.cartons,
            loaded_cartons=content.loaded_cartons,
            pieces=content.pieces,
            containers=[ContainerOut.of(load) for load in content.loads],
            documents=[
                DocumentOut(kind=DocumentKind(kind), **paper)
                for kind, paper in shipment.documents.items()
            ],
        )


class PackedLine(View):
    """Pieces of one lot in a carton."""

    lot_id: UUID
    lot_number: str
    sku: str
    pieces: int


class PackedCarton(View):
    """A carton of the packing list; the weight is of the goods alone."""

    number: str
    sscc: str
    container_number: str | None
    pieces: int
    net_grams: int
    contents: list[PackedLine]


class PackingListOut(View):
    """What is in the shipment, carton by carton."""

    shipment_id: UUID
    reference: str
    order_id: UUID
    pieces: int
    net_grams: int
    containers: list[ContainerOut]
    cartons: list[PackedCarton]


@router.post("", status_code=201)
async def plan_shipment(
    body: ShipmentIn, actor: MayWrite, uow: Uow, response: Response
) -> ShipmentOut:
    """Plan a shipment of an order."""
    await orders.get(uow.session, body.order_id, actor=actor)
    shipment = Shipment(**body.model_dump(), documents={})
    await actions.plan(uow, shipment)
    response.headers["Location"] = f"/v1/shipments/{shipment.id}"
    return await _shown(uow, shipment)


@router.get("", response_model=Page[ShipmentSummaryOut])
async def list_shipments(
    actor: MayRead,
    uow: Uow,
    page: PageQuery,
    order_id: UUID | None = None,
    state: ShipmentState | None = None,
) -> Rows[Shipment]:
    """List shipments."""
    return await queries.list_(uow.session, page, actor=actor, order_id=order_id, state=state)


@router.get("/{shipment_id}")
async def read_shipment(shipment_id: UUID, actor: MayRead, uow: Uow) -> ShipmentOut:
    """Show a shipment with its containers, cartons and papers."""
    shipment = await queries.get(uow.session, shipment_id, actor=actor, for_update=False)
    return await _shown(uow, shipment)


@router.post("/{shipment_id}/cartons", status_code=201)
async def pack_cartons(shipment_id: UUID, body: CartonsIn, actor: MayWrite, uow: Uow) -> PackedOut:
    """Pack accepted pieces into cartons: all of them, or none."""
    shipment = await queries.get(uow.session, shipment_id, actor=actor)
    cartons = await actions.pack(uow, shipment, [each.packed() for each in body.cartons])
    return PackedOut(
        cartons=len(cartons),
        pieces=sum(carton.pieces for carton in cartons),
        items=[CartonOut.model_validate(carton) for carton in cartons],
    )


@router.get("/{shipment_id}/cartons", response_model=Page[CartonOut])
async def list_cartons(
    shipment_id: UUID, actor: MayRead, uow: Uow, page: PageQuery
) -> Rows[Carton]:
    """List a shipment's cartons."""
    shipment = await queries.get(uow.session, shipment_id, actor=actor, for_update=False)
    return await queries.list_cartons(uow.session, page, shipment_id=shipment.id)


@router.post("/{shipment_id}/containers", status_code=201)
async def bring_container(
    shipment_id: UUID, body: ContainerIn, actor: MayWrite, uow: Uow
) -> ContainerOut:
    """Bring a container to the shipment."""
    shipment = await queries.get(uow.session, shipment_id, actor=actor)
    container = Container(shipment_id=shipment.id, **body.model_dump())
    await actions.bring(uow, shipment, container)
    return ContainerOut.of(Load(container, cartons=0, pieces=0))


@router.post("/{shipment_id}/containers/{number}/load")
async def load_container(
    shipment_id: UUID, number: ContainerNumber, body: LoadIn, actor: MayWrite, uow: Uow
) -> ContainerOut:
    """Load cartons into a container: all of them, or none."""
    shipment = await queries.get(uow.session, shipment_id, actor=actor)
    container = await queries.get_container(uow.session, shipment.id, number)
    await actions.load(uow, shipment, container, set(body.carton_numbers))
    return ContainerOut.of(await _load_of(uow, container))


@router.post("/{shipment_id}/containers/{number}/seal")
async def seal_container(
    shipment_id: UUID, number: ContainerNumber, body: SealIn, actor: MayWrite, uow: Uow
) -> ContainerOut:
    """Close a container with a seal."""
    shipment = await queries.get(uow.session, shipment_id, actor=actor)
    shipment.guard_loading()
    container = await queries.get_container(uow.session, shipment.id, number)
    load = await _load_of(uow, container)
    container.seal(seal_number=body.seal_number, on=body.sealed_on, cartons=load.cartons)
    return ContainerOut.of(load)


@router.put("/{shipment_id}/documents/{kind}")
async def file_document(
    shipment_id: UUID,
    kind: DocumentKind,
    body: DocumentIn,
    expected: IfMatch,
    actor: MayWrite,
    uow: Uow,
) -> ShipmentOut:
    """Put a paper into the shipment's set; If-Match takes the shipment's ETag."""
    shipment = await queries.get(uow.session, shipment_id, actor=actor)
    expected.check(shipment)
    shipment.file(kind, number=body.number, issued_on=body.issued_on)
    return await _shown(uow, shipment)


@router.post("/{shipment_id}/release")
async def release_shipment(
    shipment_id: UUID, body: ReleaseIn, actor: MayApprove, uow: Uow
) -> ShipmentOut:
    """Let a complete shipment go; what is missing is told."""
    shipment = await queries.get(uow.session, shipment_id, actor=actor)
    await actions.release(uow, shipment, on=body.released_on)
    return await _shown(uow, shipment)


@router.post("/{shipment_id}/depart")
async def depart(shipment_id: UUID, body: OnIn, actor: MayWrite, uow: Uow) -> ShipmentOut:
    """Note that the ship left."""
    shipment = await queries.get(uow.session, shipment_id, actor=actor)
    uow.publish(shipment.depart(on=body.on), key=shipment.id)
    return await _shown(uow, shipment)


@router.post("/{shipment_id}/arrive")
async def arrive(shipment_id: UUID, body: OnIn, actor: MayWrite, uow: Uow) -> ShipmentOut:
    """Note that the ship arrived."""
    shipment = await queries.get(uow.session, shipment_id, actor=actor)
    uow.publish(shipment.arrive(on=body.on), key=shipment.id)
    return await _shown(uow, shipment)


@router.get("/{shipment_id}/packing-list")
async def read_packing_list(shipment_id: UUID, actor: MayRead, uow: Uow) -> PackingListOut:
    """Show what is in the shipment, carton by carton."""
    shipment = await queries.get(uow.session, shipment_id, actor=actor, for_update=False)
    content = await queries.content_of(uow.session, shipment.id)
    places = {load.container.id: load.container.number for load in content.loads}
    cartons = _packed_cartons(await queries.packing_list(uow.session, shipment.id), places)
    return PackingListOut(
        shipment_id=shipment.id,
        reference=shipment.reference,
        order_id=shipment.order_id,
        pieces=content.pieces,
        net_grams=sum(carton.net_grams for carton in cartons),
        containers=[ContainerOut.of(load) for load in content.loads],
        cartons=cartons,
    )


async def _shown(uow: Uow, shipment: Shipment) -> ShipmentOut:
    await uow.session.flush()
    uow.shown = shipment.version
    return ShipmentOut.of(shipment, await queries.content_of(uow.session, shipment.id))


async def _load_of(uow: Uow, container: Container) -> Load:
    content = await queries.content_of(uow.session, container.shipment_id)
    return next(load for load in content.loads if load.container.id == container.id)


def _packed_cartons(rows: Sequence[PackedRow], places: dict[UUID, str]) -> list[PackedCarton]:
    cartons: dict[UUID, PackedCarton] = {}
    for carton, content, lot, product in rows:
        shown = cartons.setdefault(
            carton.id,
            PackedCarton(
                number=carton.number,
                sscc=carton.sscc,
                container_number=places.get(carton.container_id) if carton.container_id else None,
                pieces=carton.pieces,
                net_grams=0,
                contents=[],
            ),
        )
        shown.net_grams += content.pieces * product.weight_grams
        shown.contents.append(
            PackedLine(
                lot_id=lot.id, lot_number=lot.lot_number, sku=product.sku, pieces=content.pieces
            )
        )
    return list(cartons.values())
