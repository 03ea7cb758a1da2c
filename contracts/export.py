"""What the export service tells the world: orders, lots, pay, shipments."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from kernel.events import Event
from kernel.money import Money


class DefectClass(StrEnum):
    """How much a defect matters (ISO 2859-1)."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"


class LineOrdered(BaseModel):
    """One line of an order: how many pieces of what, by when."""

    model_config = ConfigDict(frozen=True)

    line_id: UUID
    product_id: UUID
    pieces: int
    due_on: date


class DefectFound(BaseModel):
    """How often one kind of defect was found in a sample."""

    model_config = ConfigDict(frozen=True)

    code: str
    defect_class: DefectClass
    pieces: int


class OrderSubmitted(Event, type="export.order.submitted.v1"):
    """A partner asks for goods."""

    order_id: UUID
    partner_id: UUID
    lines: tuple[LineOrdered, ...]
    ordered_on: date


class OrderAccepted(Event, type="export.order.accepted.v1"):
    """The order will be made, as its lines were answered."""

    order_id: UUID
    partner_id: UUID
    lines: tuple[LineOrdered, ...]
    accepted_on: date


class OrderRejected(Event, type="export.order.rejected.v1"):
    """The order will not be made; why is told to the partner alone."""

    order_id: UUID
    partner_id: UUID
    rejected_on: date


class OrderCancelled(Event, type="export.order.cancelled.v1"):
    """The order was called off."""

    order_id: UUID
    partner_id: UUID
    cancelled_on: date


class OrderProductionStarted(Event, type="export.order.production_started.v1"):
    """Work for the order was given out."""

    order_id: UUID
    started_on: date


class OrderShipped(Event, type="export.order.shipped.v1"):
    """The goods left."""

    order_id: UUID
    partner_id: UUID
    pieces: int
    shipped_on: date


class OrderDelivered(Event, type="export.order.delivered.v1"):
    """The partner has the goods."""

    order_id: UUID
    partner_id: UUID
    delivered_on: date


class OrderClosed(Event, type="export.order.closed.v1"):
    """Nothing is open any more."""

    order_id: UUID
    partner_id: UUID
    closed_on: date


class MaterialDemanded(Event, type="export.material.demanded.v1"):
    """An accepted order needs raw material."""

    demand_id: UUID
    order_id: UUID
    material: str
    kilograms: int
    needed_by: date


class AllocationAccepted(Event, type="export.allocation.accepted.v1"):
    """An order line was divided over groups."""

    allocation_id: UUID
    order_id: UUID
    line_id: UUID
    groups: int
    pieces: int


class LotDelivered(Event, type="export.lot.delivered.v1"):
    """A group brought finished goods to the collection point."""

    lot_id: UUID
    order_id: UUID
    group_id: UUID
    pieces: int
    delivered_on: date


class LotAccepted(Event, type="export.lot.accepted.v1"):
    """A lot passed quality control; pieces set aside for defects are counted apart."""

    lot_id: UUID
    order_id: UUID
    group_id: UUID
    accepted_pieces: int
    rejected_pieces: int
    accepted_on: date


class LotRejected(Event, type="export.lot.rejected.v1"):
    """A lot failed an inspection; the group reworks it, or it is scrapped."""

    lot_id: UUID
    order_id: UUID
    group_id: UUID
    pieces: int
    defects: tuple[DefectFound, ...]
    rejected_on: date
    final: bool


class EarningRecorded(Event, type="export.earning.recorded.v1"):
    """A family earned pay for accepted pieces; it is not paid yet."""

    earning_id: UUID
    household_id: UUID
    lot_id: UUID
    order_id: UUID
    accepted_pieces: int
    rejected_pieces: int
    amount: Money
    earned_on: date


class SlipPaid(Event, type="export.slip.paid.v1"):
    """A family was paid: the income that counts as evidence."""

    slip_id: UUID
    batch_id: UUID
    household_id: UUID
    accepted_pieces: int
    amount: Money
    paid_on: date


class PayoutCompleted(Event, type="export.payout.completed.v1"):
    """Every slip of a batch was paid."""

    batch_id: UUID
    slips: int
    total: Money
    paid_on: date


class ShipmentReleased(Event, type="export.shipment.released.v1"):
    """Customs let the sealed containers go."""

    shipment_id: UUID
    order_id: UUID
    containers: tuple[str, ...]
    pieces: int
    released_on: date


class ShipmentDeparted(Event, type="export.shipment.departed.v1"):
    """The containers left the port."""

    shipment_id: UUID
    order_id: UUID
    departed_on: date


class ShipmentArrived(Event, type="export.shipment.arrived.v1"):
    """The containers reached their destination."""

    shipment_id: UUID
    order_id: UUID
    arrived_on: date
