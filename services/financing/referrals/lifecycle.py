"""The way of a referral, from a draft to money in hand."""

from enum import StrEnum

from kernel.lifecycle import Lifecycle, Move


class State(StrEnum):
    """Where a referral stands; standards map it to OCEN and Fineract states."""

    DRAFT = "draft"
    REFERRED = "referred"
    ACKNOWLEDGED = "acknowledged"
    INFORMATION_REQUESTED = "information_requested"
    ASSESSED = "assessed"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    APPROVED = "approved"
    DISBURSED = "disbursed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


DRAFTED = (State.DRAFT, State.REFERRED)
UNDER_REVIEW = (State.ACKNOWLEDGED, State.INFORMATION_REQUESTED, State.ASSESSED)
AGREED = (State.OFFERED, State.ACCEPTED, State.APPROVED)
OPEN = (*DRAFTED, *UNDER_REVIEW, *AGREED)


class ReferralLifecycle(Lifecycle):
    """What may happen to a referral."""

    refer = Move(State.DRAFT, to=State.REFERRED)
    acknowledge = Move(State.REFERRED, to=State.ACKNOWLEDGED)
    request_information = Move(State.ACKNOWLEDGED, to=State.INFORMATION_REQUESTED)
    answer_information = Move(State.INFORMATION_REQUESTED, to=State.ACKNOWLEDGED)
    assess = Move(State.ACKNOWLEDGED, to=State.ASSESSED)
    offer = Move(State.ASSESSED, to=State.OFFERED)
    accept = Move(State.OFFERED, to=State.ACCEPTED)
    approve = Move(State.ACCEPTED, to=State.APPROVED)
    disburse = Move(State.APPROVED, to=State.DISBURSED)
    reject = Move(State.REFERRED, *UNDER_REVIEW, State.ACCEPTED, to=State.REJECTED)
    withdraw = Move(*OPEN, to=State.WITHDRAWN)
    expire = Move(*DRAFTED, *UNDER_REVIEW, State.OFFERED, to=State.EXPIRED)
