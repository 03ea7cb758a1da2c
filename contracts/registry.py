"""What the registry tells the world: families, their decile and their aid; never who they are."""

from datetime import date
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


class DecileRecorded(Event, type="registry.welfare.decile_recorded.v1"):
    """BPS ranked the family in DTSEN; 1 is the poorest tenth."""

    household_id: UUID
    cycle: str
    decile: int
    reference_date: date


class AssistanceStarted(Event, type="registry.assistance.started.v1"):
    """The family receives aid from a day on."""

    assistance_id: UUID
    household_id: UUID
    scheme: AidScheme
    started_on: date


class AssistanceEnded(Event, type="registry.assistance.ended.v1"):
    """The family's aid ended; `reason` is a code, never free text."""

    assistance_id: UUID
    household_id: UUID
    scheme: AidScheme
    ended_on: date
    reason: str


class CaseloadAssigned(Event, type="registry.caseload.assigned.v1"):
    """A pendamping became responsible for the family."""

    facilitator_id: UUID
    household_id: UUID
    assigned_on: date
