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
    """The status that the world is told; only the undoing of a merge brings a family back."""

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
    restore_registered = Move(Status.CLOSED, Status.ASSISTED, to=Status.REGISTERED)
    restore_returned = Move(Status.CLOSED, Status.ASSISTED, to=Status.RETURNED)
    restore_assisted = Move(Status.CLOSED, to=Status.ASSISTED)
    restore_empowered = Move(Status.CLOSED, to=Status.EMPOWERED)
    restore_graduated = Move(Status.CLOSED, to=Status.GRADUATED)


RESTORING = {
    move.target: move for move in HouseholdLifecycle.moves() if move.name.startswith("restore_")
}
"""The arrow back to each status that a merge took a family out of."""

CORRECTING = {
    move.target: move
    for move in (
        HouseholdLifecycle.assist,
        HouseholdLifecycle.empower,
        HouseholdLifecycle.graduate,
        HouseholdLifecycle.take_back,
    )
}
"""The arrow to each status that two people may say a family has after all."""
