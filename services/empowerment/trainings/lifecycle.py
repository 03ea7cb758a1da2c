"""The life of a training."""

from enum import StrEnum

from kernel.lifecycle import Lifecycle, Move


class State(StrEnum):
    """Where a training stands."""

    PLANNED = "planned"
    RUNNING = "running"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class TrainingLifecycle(Lifecycle):
    """Seats are filled while planned; attendance and marks are taken while it runs."""

    start = Move(State.PLANNED, to=State.RUNNING)
    complete = Move(State.RUNNING, to=State.COMPLETED)
    cancel = Move(State.PLANNED, State.RUNNING, to=State.CANCELLED)
