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


class ReferralStep(Event):
    """What every step of a referral tells; `product_code` is None in a draft without a choice."""

    referral_id: UUID
    household_id: UUID
    provider_id: UUID
    product_code: str | None
    on: date


class ReferralDrafted(ReferralStep, type="financing.referral.drafted.v1"):
    """A referral was opened."""


class ReferralReferred(ReferralStep, type="financing.referral.referred.v1"):
    """The family was referred to the provider."""


class ReferralAcknowledged(ReferralStep, type="financing.referral.acknowledged.v1"):
    """The provider took the referral up."""


class ReferralInformationRequested(
    ReferralStep, type="financing.referral.information_requested.v1"
):
    """The provider asks for more."""


class ReferralInformationAnswered(ReferralStep, type="financing.referral.information_answered.v1"):
    """What the provider asked for was given."""


class ReferralAssessed(ReferralStep, type="financing.referral.assessed.v1"):
    """The provider looked at the family's evidence."""


class ReferralOffered(ReferralStep, type="financing.referral.offered.v1"):
    """The provider made an offer."""


class ReferralAccepted(ReferralStep, type="financing.referral.accepted.v1"):
    """The family accepted the offer."""


class ReferralApproved(ReferralStep, type="financing.referral.approved.v1"):
    """The provider approved the credit."""


class ReferralRejected(ReferralStep, type="financing.referral.rejected.v1"):
    """The provider declined; why is told to the referring agency alone."""


class ReferralWithdrawn(ReferralStep, type="financing.referral.withdrawn.v1"):
    """The family stepped back, or withdrew its consent."""


class ReferralExpired(ReferralStep, type="financing.referral.expired.v1"):
    """Nobody answered in time."""


class ReferralDisbursed(ReferralStep, type="financing.referral.disbursed.v1"):
    """The money was paid out to the family."""
