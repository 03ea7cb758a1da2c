"""What the financing service tells the world: consents and the way of a referral, never amounts."""

from datetime import date
from uuid import UUID

from kernel.events import Event


class ConsentGiven(Event, type="financing.consent.given.v1"):
    """A family allows a provider to see named data for named purposes."""

    consent_id: UUID
    household_id: UUID
    provider_id: UUID
    purposes: tuple[str, ...]
    valid_until: date


class ConsentWithdrawn(Event, type="financing.consent.withdrawn.v1"):
    """The family takes its consent back, with effect at once."""

    consent_id: UUID
    household_id: UUID
    provider_id: UUID
    withdrawn_on: date


class _Referral(Event):
    """What every step of a referral tells."""

    referral_id: UUID
    household_id: UUID
    provider_id: UUID
    product_code: str
    on: date


class ReferralDrafted(_Referral, type="financing.referral.drafted.v1"):
    """A referral was opened."""


class ReferralReferred(_Referral, type="financing.referral.referred.v1"):
    """The family was referred to the provider."""


class ReferralAcknowledged(_Referral, type="financing.referral.acknowledged.v1"):
    """The provider took the referral up."""


class ReferralInformationRequested(_Referral, type="financing.referral.information_requested.v1"):
    """The provider asks for more."""


class ReferralAssessed(_Referral, type="financing.referral.assessed.v1"):
    """The provider looked at the family's evidence."""


class ReferralOffered(_Referral, type="financing.referral.offered.v1"):
    """The provider made an offer."""


class ReferralAccepted(_Referral, type="financing.referral.accepted.v1"):
    """The family accepted the offer."""


class ReferralApproved(_Referral, type="financing.referral.approved.v1"):
    """The provider approved the credit."""


class ReferralRejected(_Referral, type="financing.referral.rejected.v1"):
    """The provider declined, with a reason that may be appealed."""

    reason: str


class ReferralWithdrawn(_Referral, type="financing.referral.withdrawn.v1"):
    """The family stepped back, or withdrew its consent."""


class ReferralExpired(_Referral, type="financing.referral.expired.v1"):
    """Nobody answered in time."""


class ReferralDisbursed(_Referral, type="financing.referral.disbursed.v1"):
    """The money was paid out to the family."""
