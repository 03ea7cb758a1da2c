"""The life of an agreement: what in it is read happens only while it is in force."""

from enum import StrEnum

from kernel.lifecycle import Lifecycle, Move


class State(StrEnum):
    """Where an agreement stands."""

    DRAFT = "draft"
    IN_FORCE = "in_force"
    SUSPENDED = "suspended"
    ENDED = "ended"


class AgreementLifecycle(Lifecycle):
    """What may happen to an agreement; one in force is amended, then renewed on the new terms."""

    draft = Move(State.DRAFT, to=State.DRAFT)
    take_force = Move(State.DRAFT, to=State.IN_FORCE)
    amend = Move(State.IN_FORCE, to=State.IN_FORCE)
    renew = Move(State.IN_FORCE, to=State.IN_FORCE)
    suspend = Move(State.IN_FORCE, to=State.SUSPENDED)
    resume = Move(State.SUSPENDED, to=State.IN_FORCE)
    end = Move(State.DRAFT, State.IN_FORCE, State.SUSPENDED, to=State.ENDED)
