"""Where a shipment, its cartons and containers, the lots and the order move together."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from kernel.db import UnitOfWork
from services.export.orders import actions as orders
from services.export.production.queries import lots_to_pack
from services.export.shipments import queries
from services.export.shipments.identifiers import is_container_number, sscc
from services.export.shipments.models import Carton, CartonContent, Container, Shipment
from services.export.shipments.problems import (
    CartonNumberedTwice,
    CartonNumberTaken,
    CartonsLoadedBefore,
    CartonsMissing,
    ContainerNumberTaken,
    ContainerNumberWrong,
    LotOfAnotherOrder,
    ShipmentReferenceTaken,
)


@dataclass(frozen=True)
class Packed:
    """One carton to pack: its number, and the pieces of each lot."""

    number: str
    contents: Mapping[UUID, int]


async def plan(uow: UnitOfWork, shipment: Shipment) -> None:
    """Plan a new shipment.

    Raises:
        ShipmentReferenceTaken: it was planned before.
    """
    uow.add(shipment)
    try:
        await uow.session.flush()
    except IntegrityError as error:
        raise ShipmentReferenceTaken(reference=shipment.reference) from error


async def pack(uow: UnitOfWork, shipment: Shipment, packed: Sequence[Packed]) -> list[Carton]:
    """Pack cartons with accepted pieces; all of them, or none.

    Raises:
        ShipmentNotLoading: the shipment is released.
        CartonNumberedTwice, CartonNumberTaken: a number is not free.
        LotOfAnotherOrder, NotEnoughToPack: a lot does not have the pieces.
    """
    shipment.guard_loading()
    await _guard_numbers(uow, shipment, [each.number for each in packed])
    await _take_pieces(uow, shipment, packed)
    serials = await queries.next_serials(uow.session, len(packed))
    cartons = [
        Carton(
            shipment_id=shipment.id,
            number=each.number,
            sscc=sscc(serial),
            pieces=sum(each.contents.values()),
        )
        for each, serial in zip(packed, serials, strict=True)
    ]
    uow.add(*cartons)
    await uow.session.flush()
    for carton, each in zip(cartons, packed, strict=True):
        uow.add(
            *(
                CartonContent(carton_id=carton.id, lot_id=lot_id, pieces=pieces)
                for lot_id, pieces in each.contents.items()
            )
        )
    return cartons


async def _guard_numbers(uow: UnitOfWork, shipment: Shipment, numbers: Sequence[str]) -> None:
    seen: set[str] = set()
    for number in numbers:
        if number in seen:
            raise CartonNumberedTwice(number=number)
        seen.add(number)
    for carton in await queries.cartons_numbered(uow.session, shipment.id, seen):
        raise CartonNumberTaken(number=carton.number)


async def _take_pieces(uow: UnitOfWork, shipment: Shipment, packed: Sequence[Packed]) -> None:
    wanted: dict[UUID, int] = {}
    for each in packed:
        for lot_id, pieces in each.contents.items():
            wanted[lot_id] = wanted.get(lot_id, 0) + pieces
    lots = await lots_to_pack(uow.session, wanted.keys())
    for lot_id, pieces in wanted.items():
        lot = lots.get(lot_id)
        if lot is None or lot.order_id != shipment.order_id:
            raise LotOfAnotherOrder(lot_id=str(lot_id))
        lot.pack(pieces)


async def bring(uow: UnitOfWork, shipment: Shipment, container: Container) -> None:
    """Bring a container to the shipment.

    Raises:
        ShipmentNotLoading: the shipment is released.
        ContainerNumberWrong: its check digit is wrong.
        ContainerNumberTaken: it is there already.
    """
    shipment.guard_loading()
    if not is_container_number(container.number):
        raise ContainerNumberWrong(number=container.number)
    uow.add(container)
    try:
        await uow.session.flush()
    except IntegrityError as error:
        raise ContainerNumberTaken(number=container.number) from error


async def load(
    uow: UnitOfWork, shipment: Shipment, container: Container, numbers: Collection[str]
) -> None:
    """Load cartons into a container; all of them, or none.

    Raises:
        ShipmentNotLoading, ContainerSealed: it is too late.
        CartonsMissing, CartonsLoadedBefore: a carton cannot be loaded.
    """
    shipment.guard_loading()
    container.guard_open()
    cartons = await queries.cartons_numbered(uow.session, shipment.id, numbers)
    if missing := set(numbers) - {carton.number for carton in cartons}:
        raise CartonsMissing(numbers=", ".join(sorted(missing)))
    if loaded := [carton.number for carton in cartons if carton.container_id is not None]:
        raise CartonsLoadedBefore(numbers=", ".join(sorted(loaded)))
    await queries.load(uow.session, container, cartons)


async def release(uow: UnitOfWork, shipment: Shipment, *, on: date) -> None:
    """Let a complete shipment go; its order is shipped.

    Raises:
        NotReadyForRelease: something is missing.
        IllegalMove, MoreShippedThanOrdered: the order cannot be shipped.
    """
    content = await queries.content_of(uow.session, shipment.id)
    released = shipment.release(content, on=on)
    await orders.ship(uow, shipment.order_id, pieces=content.pieces, on=on)
    uow.publish(released, key=shipment.id)
