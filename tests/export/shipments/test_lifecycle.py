"""Every verb of a shipment and of a container, in every state."""

from datetime import date

import pytest

from kernel.ids import new_id
from kernel.lifecycle import IllegalMove
from services.export.shipments.lifecycle import ContainerState, ShipmentState
from services.export.shipments.models import Container, Content, DocumentKind, Load, Shipment
from services.export.shipments.problems import (
    ContainerEmpty,
    ContainerSealed,
    DocumentSettled,
    ShipmentNotLoading,
)

ON = date(2025, 9, 9)
ALLOWED = {
    (ShipmentState.LOADING, "release"): ShipmentState.RELEASED,
    (ShipmentState.RELEASED, "depart"): ShipmentState.DEPARTED,
    (ShipmentState.DEPARTED, "arrive"): ShipmentState.ARRIVED,
}


def shipment_in(state: ShipmentState) -> Shipment:
    shipment = Shipment(reference="S-1", order_id=new_id(), planned_on=ON, documents={})
    for kind in DocumentKind:
        shipment.file(kind, number="1", issued_on=ON)
    shipment.state = state
    return shipment


def container_in(state: ContainerState) -> Container:
    return Container(
        shipment_id=new_id(), number="CSQU3054383", size_type="45G1", seal_number="S", state=state
    )


FULL = Content(
    loads=[Load(container_in(ContainerState.SEALED), cartons=1, pieces=20)],
    cartons=1,
    loaded_cartons=1,
    pieces=20,
)


def do(shipment: Shipment, verb: str) -> None:
    if verb == "release":
        shipment.release(FULL, on=ON)
        return
    getattr(shipment, verb)(on=ON)


@pytest.mark.parametrize("verb", ["release", "depart", "arrive"])
@pytest.mark.parametrize("state", ShipmentState)
def test_every_verb_in_every_state(state: ShipmentState, verb: str) -> None:
    shipment = shipment_in(state)

    if (state, verb) in ALLOWED:
        do(shipment, verb)
        assert shipment.state is ALLOWED[state, verb]
        return

    with pytest.raises(IllegalMove):
        do(shipment, verb)


@pytest.mark.parametrize("state", set(ShipmentState) - {ShipmentState.LOADING})
def test_nothing_is_loaded_after_the_release(state: ShipmentState) -> None:
    with pytest.raises(ShipmentNotLoading):
        shipment_in(state).guard_loading()


@pytest.mark.parametrize("kind", DocumentKind)
@pytest.mark.parametrize("state", ShipmentState)
def test_papers_of_the_release_are_settled_with_it(
    state: ShipmentState, kind: DocumentKind
) -> None:
    shipment = shipment_in(state)
    later = kind in {DocumentKind.BILL_OF_LADING, DocumentKind.CERTIFICATE_OF_ORIGIN}

    if state is ShipmentState.LOADING or (later and state is not ShipmentState.ARRIVED):
        shipment.file(kind, number="2", issued_on=ON)
        assert shipment.documents[kind.value]["number"] == "2"
        return

    with pytest.raises(DocumentSettled):
        shipment.file(kind, number="2", issued_on=ON)


def test_a_container_is_sealed_once_and_not_empty() -> None:
    container = Container(shipment_id=new_id(), number="CSQU3054383", size_type="45G1")

    with pytest.raises(ContainerEmpty):
        container.seal(seal_number="S-1", on=ON, cartons=0)
    container.seal(seal_number="S-1", on=ON, cartons=1)

    with pytest.raises(IllegalMove):
        container.seal(seal_number="S-2", on=ON, cartons=1)
    with pytest.raises(ContainerSealed):
        container.guard_open()
