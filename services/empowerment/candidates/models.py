"""What this service knows of a family: what the registry told, and nothing personal."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from contracts.registry import HouseholdStatus
from kernel.db import Aggregate, state_column
from services.empowerment.candidates.problems import FamilyClosed
from services.empowerment.db import Table


class Candidate(Aggregate, Table, table=True):
    """A family; its `id` is the registry's household id.

    Each group of columns is told by events of another topic, so any of them may come first: a row
    without `desa_code` is a family whose registration is still on its way.
    """

    __table_args__ = (
        sa.CheckConstraint("decile BETWEEN 1 AND 10", name="decile_in_range"),
        sa.Index(None, "facilitator_id", "id"),
    )

    desa_code: str | None = Field(default=None, index=True)
    member_count: int | None = None
    adult_women: int | None = None
    registered_on: date | None = None
    status: HouseholdStatus = Field(
        default=HouseholdStatus.REGISTERED, sa_type=state_column(HouseholdStatus)
    )
    decile: int | None = None
    decile_cycle: str | None = None
    decile_reference_date: date | None = None
    facilitator_id: UUID | None = None

    def require_open(self) -> None:
        """Guard what only a living record may do; raises FamilyClosed."""
        if self.status is HouseholdStatus.CLOSED:
            raise FamilyClosed(household_id=self.id)
