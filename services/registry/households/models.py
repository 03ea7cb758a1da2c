"""The family (KPM), its members, and what was known of it when."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field
from typing_extensions import TypedDict

from contracts.registry import (
    CaseloadAssigned,
    HouseholdChanged,
    HouseholdStatus,
    HouseholdStatusChanged,
)
from kernel import clock
from kernel.db import Aggregate, state_column, utc_column
from services.registry.db import Table
from services.registry.households.identity_numbers import BirthPrecision, Sex
from services.registry.households.lifecycle import CORRECTING, RESTORING, HouseholdLifecycle
from services.registry.households.problems import ClosedBeforeRegistered, HouseholdIsClosed
from services.registry.households.registration import (
    Education,
    MaritalStatus,
    Relation,
)
from services.registry.regions.models import CODE

NOT_CLOSED = "status <> 'closed'"


class ClosingReason(StrEnum):
    """Why a family leaves the registry."""

    MOVED = "moved"
    DECEASED = "deceased"
    MERGED = "merged"
    ERASED = "erased"


class Warned(TypedDict):
    """A doubt about one place of the registration; the sentence is found by its code."""

    code: str
    pointer: str


class Livelihood(TypedDict):
    """Skills, members able to work, whether there is a small business already, and its means."""

    skills: list[str]
    productive_members: int
    micro_business: bool
    business: str | None
    assets: list[str]


@dataclass(frozen=True)
class Why:
    """Who changed a family's record, by subject, and why, by a code."""

    by: str
    reason: str


def _around(length: int) -> sa.Column[str]:
    """Return a column of the region around the desa: the head of its code."""
    head = sa.Computed(f"left(desa_code, {length})", persisted=True)
    return sa.Column(sa.String(length), head, nullable=False)


class Household(Aggregate, Table, table=True):
    """A family; what names it is sealed, and found again by blind index only.

    `fingerprint` is a blind index of what the sender told last: a file that tells the same again
    changes nothing. `decile`, `facilitator_id` are the newest of their own ledgers.
    """

    __tablename__ = "households"

    reference: str = Field(max_length=64, unique=True)
    data_key: bytes | None
    kk_number: bytes
    kk_index: bytes
    desa_code: str = Field(sa_type=CODE, foreign_key="regions.code")
    province_code: str = Field(default=None, sa_column=_around(2))
    kabupaten_code: str = Field(default=None, sa_column=_around(5))
    kecamatan_code: str = Field(default=None, sa_column=_around(8))
    address: bytes | None = None
    phone: bytes | None = None
    registered_on: date
    registered_by: str = Field(max_length=100)
    status: HouseholdStatus = Field(
        default=HouseholdStatus.REGISTERED, sa_type=state_column(HouseholdStatus), index=True
    )
    closed_on: date | None = None
    closing_reason: ClosingReason | None = Field(default=None, sa_type=state_column(ClosingReason))
    merged_into: UUID | None = Field(default=None, foreign_key="households.id", index=True)
    member_count: int
    adult_women: int
    livelihood: Livelihood | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    warnings: list[Warned] = Field(default_factory=list, sa_type=JSONB)
    synthetic: bool = False
    decile: int | None = None
    decile_cycle: str | None = Field(default=None, max_length=6)
    facilitator_id: UUID | None = Field(default=None, index=True)
    fingerprint: bytes

    __table_args__ = (
        sa.Index(
            "ix_households_livelihood",
            "livelihood",
            postgresql_using="gin",
            postgresql_ops={"livelihood": "jsonb_path_ops"},
            postgresql_where=sa.text("livelihood IS NOT NULL"),
        ),
        sa.Index("ix_households_desa_code_id", "desa_code", "id"),
        sa.Index("ix_households_kabupaten_code_id", "kabupaten_code", "id"),
        sa.Index("ix_households_province_code_id", "province_code", "id"),
        sa.Index(
            "uq_households_kk_index", "kk_index", unique=True, postgresql_where=sa.text(NOT_CLOSED)
        ),
        sa.CheckConstraint("decile BETWEEN 1 AND 10", name="decile"),
        sa.CheckConstraint("adult_women BETWEEN 0 AND member_count", name="members"),
    )

    def assist(self, *, on: date) -> HouseholdStatusChanged:
        """Note that social aid reaches the family."""
        return self._become(HouseholdLifecycle.assist(self.status), on, "assistance_started")

    def empower(self, *, on: date) -> HouseholdStatusChanged:
        """Note that the family takes part in a programme."""
        return self._become(HouseholdLifecycle.empower(self.status), on, "enrolment_activated")

    def graduate(self, *, on: date) -> HouseholdStatusChanged:
        """Note that a second person decided that the family graduates."""
        return self._become(HouseholdLifecycle.graduate(self.status), on, "graduation_approved")

    def take_back(self, *, on: date, reason: str) -> HouseholdStatusChanged:
        """Note that a graduated family fell back."""
        return self._become(HouseholdLifecycle.take_back(self.status), on, reason)

    def correct_status(self, status: HouseholdStatus, *, on: date) -> HouseholdStatusChanged:
        """Note where the family stands after all; a correction, too, goes along the lifecycle."""
        return self._become(CORRECTING[status](self.status), on, "status_corrected")

    def close(self, *, on: date, reason: ClosingReason) -> HouseholdStatusChanged:
        """Take the family out of the registry's live records.

        Raises:
            ClosedBeforeRegistered: the day lies before the registration.
        """
        closed = HouseholdLifecycle.close(self.status)
        if on < self.registered_on:
            raise ClosedBeforeRegistered(registered_on=self.registered_on.isoformat())
        self.closed_on, self.closing_reason = on, reason
        return self._become(closed, on, reason.value)

    def be_absorbed(self, into: UUID, *, on: date) -> HouseholdStatusChanged:
        """Close the family because it is another one, and tell which."""
        closed = self.close(on=max(on, self.registered_on), reason=ClosingReason.MERGED)
        self.merged_into = into
        return closed

    def restore(self, status: HouseholdStatus, *, on: date) -> HouseholdStatusChanged:
        """Bring the family back to where it stood before a merge that is undone."""
        restored = HouseholdStatus(RESTORING[status](self.status))
        self.closed_on = self.closing_reason = self.merged_into = None
        return self._become(restored, on, "unmerged")

    def move_to(self, desa_code: str) -> HouseholdChanged:
        """Note where the family lives now."""
        self.require_live()
        self.desa_code = desa_code
        return self.changed()

    def decile_before(self, cycle: str) -> bool:
        """Tell whether the decile shown, if any, is of an older cycle."""
        return self.decile_cycle is None or self.decile_cycle < cycle

    def rank(self, decile: int, *, cycle: str) -> None:
        """Show the newest decile that BPS ranked the family in."""
        self.decile, self.decile_cycle = decile, cycle

    def entrust_to(self, facilitator_id: UUID, *, on: date) -> CaseloadAssigned:
        """Note which pendamping is responsible for the family."""
        self.require_live()
        self.facilitator_id = facilitator_id
        return CaseloadAssigned(facilitator_id=facilitator_id, household_id=self.id, assigned_on=on)

    def changed(self) -> HouseholdChanged:
        """Return what the world may know of the family as it is now."""
        return HouseholdChanged(
            household_id=self.id,
            desa_code=self.desa_code,
            member_count=self.member_count,
            adult_women=self.adult_women,
        )

    def require_live(self) -> None:
        """Guard a change.

        Raises:
            HouseholdIsClosed: the family left the registry.
        """
        if self.status is HouseholdStatus.CLOSED:
            raise HouseholdIsClosed(household_id=str(self.id))

    def _become(self, status: HouseholdStatus, on: date, reason: str) -> HouseholdStatusChanged:
        self.status = status
        return HouseholdStatusChanged(
            household_id=self.id, status=status, changed_on=on, reason=reason
        )


class Member(Table, table=True):
    """What was known of a person from one version of the family until another; None: until now.

    The person's `id` stays; the same NIK may stand in two families, which is a warning.
    """

    __tablename__ = "household_members"

    id: UUID = Field(primary_key=True)
    since_version: int = Field(primary_key=True, default=1)
    until_version: int | None = None
    household_id: UUID = Field(foreign_key="households.id", index=True)
    position: int
    nik: bytes
    nik_index: bytes = Field(index=True)
    name: bytes
    sex: Sex = Field(sa_type=state_column(Sex))
    birth_date: date
    birth_precision: BirthPrecision = Field(
        default=BirthPrecision.DAY, sa_type=state_column(BirthPrecision)
    )
    relation: Relation = Field(sa_type=state_column(Relation))
    occupation: str | None = Field(default=None, max_length=100)
    education: Education | None = Field(default=None, sa_type=state_column(Education))
    marital_status: MaritalStatus | None = Field(default=None, sa_type=state_column(MaritalStatus))
    disabilities: list[str] = Field(default_factory=list, sa_type=JSONB)
    synthetic: bool

    __table_args__ = (
        sa.Index(
            "uq_household_members_current",
            "household_id",
            "nik_index",
            unique=True,
            postgresql_where=sa.text("until_version IS NULL"),
        ),
        sa.CheckConstraint("until_version > since_version", name="life"),
    )


class HouseholdVersion(Table, table=True):
    """What was known of a family from `effective_on` on; written once, never changed."""

    __tablename__ = "household_versions"

    household_id: UUID = Field(foreign_key="households.id", primary_key=True)
    version: int = Field(primary_key=True)
    effective_on: date
    recorded_at: datetime = Field(default_factory=clock.now, sa_type=utc_column())
    changed_by: str = Field(max_length=200)
    reason: str = Field(max_length=60)
    status: HouseholdStatus = Field(sa_type=state_column(HouseholdStatus))
    desa_code: str = Field(max_length=13)
    member_count: int
    adult_women: int
    livelihood: Livelihood | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    decile: int | None = None
    facilitator_id: UUID | None = None
