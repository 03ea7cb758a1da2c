"""A file's way: checked as a dry run, approved by a second person, applied."""

from enum import StrEnum

from kernel.lifecycle import Lifecycle, Move


class State(StrEnum):
    """Where a file stands."""

    UPLOADED = "uploaded"
    CHECKING = "checking"
    CHECKED = "checked"
    FAILED = "failed"
    APPROVED = "approved"
    REFUSED = "refused"
    APPLYING = "applying"
    APPLIED = "applied"


class Phase(StrEnum):
    """What the worker does with the file: the dry run, or the real one."""

    CHECK = "check"
    APPLY = "apply"


class ImportLifecycle(Lifecycle):
    """The worker moves a file except at the decision, which two people make."""

    check = Move(State.UPLOADED, to=State.CHECKING)
    pass_check = Move(State.CHECKING, to=State.CHECKED)
    fail = Move(State.CHECKING, State.APPLYING, to=State.FAILED)
    approve = Move(State.CHECKED, to=State.APPROVED)
    refuse = Move(State.CHECKED, to=State.REFUSED)
    apply = Move(State.APPROVED, to=State.APPLYING)
    finish = Move(State.APPLYING, to=State.APPLIED)


PENDING = (State.UPLOADED, State.CHECKING, State.APPROVED, State.APPLYING)
"""Where the worker has something to do."""

ENDED = (State.FAILED, State.REFUSED, State.APPLIED)
"""Where the file itself is no longer needed."""


class Outcome(StrEnum):
    """What a row means for the registry."""

    NEW = "new"
    UNCHANGED = "unchanged"
    CHANGED = "changed"
    ERROR = "error"
