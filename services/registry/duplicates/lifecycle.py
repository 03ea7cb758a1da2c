"""A pair's way: seen, taken, and either dismissed, or merged by two people; and back."""

from enum import StrEnum

from kernel.lifecycle import Lifecycle, Move


class State(StrEnum):
    """Where a pair of families that may be one stands."""

    OPEN = "open"
    PROPOSED = "proposed"
    MERGED = "merged"
    DISMISSED = "dismissed"
    LAPSED = "lapsed"
    UNDONE = "undone"


class TicketLifecycle(Lifecycle):
    """One person proposes or dismisses, another confirms; a decided pair stays decided.

    New evidence for a dismissed or undone pair opens another ticket, which names the one before.
    """

    propose = Move(State.OPEN, to=State.PROPOSED)
    send_back = Move(State.PROPOSED, to=State.OPEN)
    confirm = Move(State.PROPOSED, to=State.MERGED)
    dismiss = Move(State.OPEN, to=State.DISMISSED)
    lapse = Move(State.OPEN, State.PROPOSED, to=State.LAPSED)
    undo = Move(State.MERGED, to=State.UNDONE)


WAITING = (State.OPEN, State.PROPOSED)
"""Where people still have to decide."""


class Dismissal(StrEnum):
    """Why two families that look alike are two."""

    TWO_FAMILIES = "two_families"
    RELATIVES = "relatives"
    SPLIT_FAMILY = "split_family"
    SHARED_PHONE = "shared_phone"
    WRONG_NIK = "wrong_nik"


class ScanState(StrEnum):
    """Whether families are still to be compared."""

    RUNNING = "running"
    FINISHED = "finished"
