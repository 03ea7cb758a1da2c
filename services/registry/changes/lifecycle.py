"""A change request's way: proposed by one person, decided by another, applied as it is approved."""

from enum import StrEnum

from kernel.lifecycle import Lifecycle, Move


class State(StrEnum):
    """Where a request stands."""

    PROPOSED = "proposed"
    CONFLICTED = "conflicted"
    APPLIED = "applied"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class ChangeLifecycle(Lifecycle):
    """To approve is to apply, in one transaction; what the record overtook waits for its maker."""

    approve = Move(State.PROPOSED, to=State.APPLIED)
    refuse = Move(State.PROPOSED, State.CONFLICTED, to=State.REFUSED)
    withdraw = Move(State.PROPOSED, State.CONFLICTED, to=State.WITHDRAWN)
    conflict = Move(State.PROPOSED, to=State.CONFLICTED)
    rebase = Move(State.CONFLICTED, to=State.PROPOSED)
    expire = Move(State.PROPOSED, State.CONFLICTED, to=State.EXPIRED)


OPEN = (State.PROPOSED, State.CONFLICTED)
