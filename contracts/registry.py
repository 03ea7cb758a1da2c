"""What the registry tells the world: families, their decile and their aid; never who they are."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from kernel.events import Event


class AidScheme(StrEnum):
    """Social aid that a family may receive (PKH, staple food, health-insurance contribution)."""

    PKH = "pkh"
    SEMBAKO = "sembako"
    PBI_JKN = "pbi_jkn"


class HouseholdStatus(StrEnum):
    """Where a family stands on its way from aid to income."""

    REGISTERED = "registered"
    ASSISTED = "assisted"
    EMPOWERED = "empowered"
    GRADUATED = "graduated"
    RETURNED = "returned"
    CLOSED = "closed"


class HouseholdRegistered(Event, type="registry.household.registered.v1"):
    """A family is known."""

    household_id: UUID
    desa_code: str
    member_count: int
    adult_women: int
    registered_on: date


class HouseholdChanged(Event, type="registry.household.changed.v1"):
    """A family moved, or its members changed."""

    household_id: UUID
    desa_code: str
    member_count: int
    adult_women: int


class HouseholdStatusChanged(Event, type="registry.household.status_changed.v1"):
    """A family moved on, or back; `reason` is a code, never free text."""

    household_id: UUID
    status: HouseholdStatus
    changed_on: date
    reason: str


class HouseholdMerged(Event, type="registry.household.merged.v1"):
    """A family is another one, people found, and is closed; `into_household_id` goes on."""

    household_id: UUID
    into_household_id: UUID
    merged_on: date


class HouseholdUnmerged(Event, type="registry.household.unmerged.v1"):
    """A merge was undone: the family is back, as it was."""

    household_id: UUID
    from_household_id: UUID
    unmerged_on: date


class DecileRecorded(Event, type="registry.welfare.decile_recorded.v1"):
    """BPS ranked the family in DTSEN; 1 is the poorest tenth."""

    household_id: UUID
    cycle: str
    decile: int
    reference_date: date


class AssistanceStarted(Event, type="registry.assistance.started.v1"):
    """The family receives aid from a day on; `member_id` the one person of a personal aid."""

    assistance_id: UUID
    household_id: UUID
    scheme: AidScheme
    started_on: date
    member_id: UUID | None = None


class AssistanceEnded(Event, type="registry.assistance.ended.v1"):
    """The family's aid ended; `reason` is a code, never free text."""

    assistance_id: UUID
    household_id: UUID
    scheme: AidScheme
    ended_on: date
    reason: str
    member_id: UUID | None = None


class AssistanceComponentsEnded(Event, type="registry.assistance.components_ended.v1"):
    """No person of the family is left whom PKH supports: people may propose the natural exit."""

    assistance_id: UUID
    household_id: UUID
    observed_on: date


class CaseloadAssigned(Event, type="registry.caseload.assigned.v1"):
    """A pendamping became responsible for the family."""

    facilitator_id: UUID
    household_id: UUID
    assigned_on: date


class SharingConsentGiven(Event, type="registry.consent.given.v1"):
    """A family allows organisations to be shown data of it, for purposes, until a day."""

    consent_id: UUID
    household_id: UUID
    recipients: tuple[str, ...]
    purposes: tuple[str, ...]
    given_on: date
    valid_until: date


class SharingConsentWithdrawn(Event, type="registry.consent.withdrawn.v1"):
    """A family took its consent back: nothing may be shown by it any more."""

    consent_id: UUID
    household_id: UUID
    recipients: tuple[str, ...]
    withdrawn_on: date


class HouseholdErased(Event, type="registry.household.erased.v1"):
    """What names a family was destroyed for good; `reason` is a code."""

    household_id: UUID
    erased_on: date
    reason: str


class AccessLedgerSealed(Event, type="registry.ledger.sealed.v1"):
    """The head of the access ledger, signed: who keeps it can tell a cut or rewritten ledger."""

    ledger: str
    number: int
    hash: str
    signed_at: datetime
    head: str
