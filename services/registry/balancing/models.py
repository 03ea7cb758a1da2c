"""Proposals to even out the caseloads of a region, and the families that they would move."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field
from typing_extensions import TypedDict

from kernel.db import Aggregate, state_column
from services.registry.balancing.lifecycle import ProposalLifecycle, State
from services.registry.balancing.problems import SecondPersonNeeded
from services.registry.db import Table
from services.registry.regions.models import CODE


class Reason(StrEnum):
    """Why a family should go to another pendamping."""

    OUTSIDE_THE_AREA = "outside_the_area"
    EVEN_OUT = "even_out"


class Caseloads(TypedDict):
    """A pendamping's families before and after a proposal."""

    facilitator_id: str
    before: int
    after: int


class CaseloadProposal(Aggregate, Table, table=True):
    """Who should hand over which families, so that the caseloads of a region are even."""

    __tablename__ = "caseload_proposals"

    within: str = Field(sa_type=CODE, foreign_key="regions.code")
    on_day: date
    state: State = Field(default=State.PROPOSED, sa_type=state_column(State))
    made_by: str = Field(max_length=200)
    decided_by: str | None = Field(default=None, max_length=200)
    families: int
    caseloads: list[Caseloads] = Field(sa_type=JSONB)

    def apply(self, *, by: str) -> None:
        """Decide that the families move.

        Raises:
            SecondPersonNeeded: whoever asked for the proposal.
        """
        applied = ProposalLifecycle.apply(self.state)
        if by == self.made_by:
            raise SecondPersonNeeded
        self.state, self.decided_by = applied, by

    def refuse(self, *, by: str) -> None:
        """Decide that they do not."""
        self.state, self.decided_by = ProposalLifecycle.refuse(self.state), by


class ProposedMove(Table, table=True):
    """One family of a proposal: from whom to whom, and why."""

    __tablename__ = "caseload_proposal_moves"

    proposal_id: UUID = Field(foreign_key="caseload_proposals.id", primary_key=True)
    household_id: UUID = Field(foreign_key="households.id", primary_key=True)
    from_facilitator_id: UUID = Field(foreign_key="facilitators.id")
    to_facilitator_id: UUID = Field(foreign_key="facilitators.id")
    reason: Reason = Field(sa_type=state_column(Reason))
