"""The life of a payout batch: made by one person, approved by another, paid once."""

from enum import StrEnum

from kernel.lifecycle import Lifecycle, Move


class PayoutState(StrEnum):
    """Where a batch of slips stands."""

    DRAFT = "draft"
    APPROVED = "approved"
    PAID = "paid"
    DISCARDED = "discarded"


class PayoutLifecycle(Lifecycle):
    """A discarded batch gives its earnings free for another."""

    approve = Move(PayoutState.DRAFT, to=PayoutState.APPROVED)
    pay = Move(PayoutState.APPROVED, to=PayoutState.PAID)
    discard = Move(PayoutState.DRAFT, PayoutState.APPROVED, to=PayoutState.DISCARDED)
