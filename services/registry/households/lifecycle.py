"""A family's way from aid to income."""

from contracts.registry import HouseholdStatus as Status
from kernel.lifecycle import Lifecycle, Move

LIVE = (
    Status.REGISTERED,
    Status.ASSISTED,
    Status.EMPOWERED,
    Status.GRADUATED,
    Status.RETURNED,
)


class HouseholdLifecycle(Lifecycle):
    """The status that the world is told; a closed family has none to come."""

    assist = Move(Status.REGISTERED, Status.RETURNED, to=Status.ASSISTED)
    empower = Move(Status.REGISTERED, Status.ASSISTED, Status.RETURNED, to=Status.EMPOWERED)
    graduate = Move(
        Status.REGISTERED,
        Status.ASSISTED,
        Status.EMPOWERED,
        Status.RETURNED,
        to=Status.GRADUATED,
    )
    take_back = Move(Status.GRADUATED, to=Status.RETURNED)
    close = Move(*LIVE, to=Status.CLOSED)
