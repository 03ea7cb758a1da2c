"""The lives of a shipment and of its containers."""

from enum import StrEnum

from kernel.lifecycle import Lifecycle, Move


class ShipmentState(StrEnum):
    """Where a shipment is on its way."""

    LOADING = "loading"
    RELEASED = "released"
    DEPARTED = "departed"
    ARRIVED = "arrived"


class ShipmentLifecycle(Lifecycle):
    """A shipment is released once it is complete: loaded, sealed, and with its papers."""

    release = Move(ShipmentState.LOADING, to=ShipmentState.RELEASED)
    depart = Move(ShipmentState.RELEASED, to=ShipmentState.DEPARTED)
    arrive = Move(ShipmentState.DEPARTED, to=ShipmentState.ARRIVED)


class ContainerState(StrEnum):
    """Cartons go into open containers only."""

    OPEN = "open"
    SEALED = "sealed"


class ContainerLifecycle(Lifecycle):
    """A seal is put on once."""

    seal = Move(ContainerState.OPEN, to=ContainerState.SEALED)
