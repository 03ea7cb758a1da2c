"""The life of a change of a sender's keys: whoever proposes it does not decide."""

from enum import StrEnum

from kernel.lifecycle import Lifecycle, Move


class KeyChange(StrEnum):
    """Where a change of keys stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"


class KeyChangeLifecycle(Lifecycle):
    """What may happen to a change of keys."""

    approve = Move(KeyChange.PROPOSED, to=KeyChange.APPROVED)
    reject = Move(KeyChange.PROPOSED, to=KeyChange.REJECTED)
