"""The life of an inspection, and the severity with which a group's lots are inspected."""

from enum import StrEnum

from kernel.lifecycle import Lifecycle, Move


class InspectionState(StrEnum):
    """An inspection is open until its result is in."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class InspectionLifecycle(Lifecycle):
    """One result an inspection; a reworked lot has another inspection."""

    accept = Move(InspectionState.OPEN, to=InspectionState.ACCEPTED)
    reject = Move(InspectionState.OPEN, to=InspectionState.REJECTED)


class Severity(StrEnum):
    """How strictly lots are sampled (ISO 2859-1, clause 9)."""

    NORMAL = "normal"
    TIGHTENED = "tightened"
    REDUCED = "reduced"
    DISCONTINUED = "discontinued"


class SeverityLifecycle(Lifecycle):
    """The switching rules' arrows (ISO 2859-1, 9.3)."""

    tighten = Move(Severity.NORMAL, to=Severity.TIGHTENED)
    relax = Move(Severity.TIGHTENED, to=Severity.NORMAL)
    discontinue = Move(Severity.TIGHTENED, to=Severity.DISCONTINUED)
    resume = Move(Severity.DISCONTINUED, to=Severity.TIGHTENED)
    reduce = Move(Severity.NORMAL, to=Severity.REDUCED)
    restore = Move(Severity.REDUCED, to=Severity.NORMAL)
