"""The lives of a group's work order and of the lots it delivers."""

from enum import StrEnum

from kernel.lifecycle import Lifecycle, Move


class WorkOrderState(StrEnum):
    """Where a group's work order stands."""

    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


class WorkOrderLifecycle(Lifecycle):
    """A work order is done when every piece of it was accepted."""

    finish = Move(WorkOrderState.OPEN, to=WorkOrderState.DONE)
    cancel = Move(WorkOrderState.OPEN, to=WorkOrderState.CANCELLED)


class LotState(StrEnum):
    """Where a delivered lot stands with quality control."""

    DELIVERED = "delivered"
    INSPECTING = "inspecting"
    HELD = "held"
    REWORKED = "reworked"
    ACCEPTED = "accepted"
    SCRAPPED = "scrapped"


class LotLifecycle(Lifecycle):
    """A held lot is reworked and inspected again, or scrapped."""

    inspect = Move(LotState.DELIVERED, LotState.REWORKED, to=LotState.INSPECTING)
    accept = Move(LotState.INSPECTING, to=LotState.ACCEPTED)
    hold = Move(LotState.INSPECTING, to=LotState.HELD)
    rework = Move(LotState.HELD, to=LotState.REWORKED)
    scrap = Move(LotState.HELD, LotState.REWORKED, to=LotState.SCRAPPED)
