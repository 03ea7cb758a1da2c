"""Traces of families, pairs that people decide about, and merges with all it takes to undo them."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field
from typing_extensions import TypedDict

from contracts.registry import HouseholdMerged, HouseholdUnmerged
from kernel import clock
from kernel.db import Aggregate, state_column, utc_column
from services.registry.db import Table
from services.registry.duplicates.lifecycle import (
    WAITING,
    Dismissal,
    ScanState,
    State,
    TicketLifecycle,
)
from services.registry.duplicates.policy import Reason
from services.registry.duplicates.problems import HeldByAnother, SecondPersonNeeded

WAITS = f"state IN ({', '.join(repr(state.value) for state in WAITING)})"


class PersonTrace(TypedDict):
    """A member as the trace keeps them: keyed numbers in hexadecimal, three digits a trigram."""

    nik: str
    grams: str
    sex: str
    born: str
    precision: str


class TraceRow(TypedDict):
    """The columns of a family's trace."""

    household_id: UUID
    version: int
    desa_code: str
    phone: str | None
    persons: list[PersonTrace]
    blocks: list[int]


class FamilyTrace(Table, table=True):
    """A family as its duplicates are sought; two that share a number in `blocks` are compared.

    Written for hundreds of families at a time, so without a foreign key, which would lock each.
    """

    __tablename__ = "duplicate_traces"

    household_id: UUID = Field(primary_key=True)
    version: int
    desa_code: str = Field(max_length=13)
    phone: str | None = Field(default=None, max_length=16)
    persons: list[PersonTrace] = Field(sa_type=JSONB)
    blocks: list[int] = Field(sa_type=ARRAY(sa.Integer))


class Block(Table, table=True):
    """Which families share a number: the trace's `blocks`, the other way round."""

    __tablename__ = "duplicate_blocks"

    block: int = Field(primary_key=True, sa_type=sa.Integer)
    household_id: UUID = Field(primary_key=True)


class Waiting(Table, table=True):
    """A family that came or changed, and is to be compared with the others."""

    __tablename__ = "duplicate_waiting"

    household_id: UUID = Field(primary_key=True)


class Scan(Aggregate, Table, table=True):
    """A comparison of all families; `last_id` is its place, moved in the transaction of a chunk.

    `crowded` counts families that had more candidates than are compared.
    """

    __tablename__ = "duplicate_scans"

    started_by: str = Field(max_length=200)
    state: ScanState = Field(default=ScanState.RUNNING, sa_type=state_column(ScanState))
    last_id: UUID | None = None
    total: int
    done: int = 0
    tickets: int = 0
    crowded: int = 0
    ended_at: datetime | None = Field(default=None, sa_type=utc_column())

    __table_args__ = (
        sa.Index(
            "uq_duplicate_scans_running",
            "state",
            unique=True,
            postgresql_where=sa.text("state = 'running'"),
        ),
    )

    @property
    def rate(self) -> float | None:
        """Families a second; None before the first chunk."""
        seconds = (self.changed_at - self.recorded_at).total_seconds()
        return round(self.done / max(seconds, 0.001), 1) if self.done else None

    def count(self, *, last_id: UUID, families: int, tickets: int, crowded: int) -> None:
        """Note that one more chunk is dealt with."""
        self.last_id = last_id
        self.done += families
        self.tickets += tickets
        self.crowded += crowded

    def finish(self) -> None:
        """Note that every family is compared."""
        self.state, self.ended_at = ScanState.FINISHED, clock.now()


class MovedIn(TypedDict):
    """A member of the absorbed family who becomes one of the survivor's, and as what."""

    member_id: str
    relation: str


class Proposal(TypedDict):
    """How to merge, and which versions of the families the proposer saw."""

    proposed_by: str
    survivor_id: str
    moves: list[MovedIn]
    versions: dict[str, int]


class Ticket(Aggregate, Table, table=True):
    """Two families that may be one, why, and what people decided; nothing in it names anyone.

    `score` is in hundredths; `follows` is the decided ticket of the same pair, if there is one.
    """

    __tablename__ = "duplicate_tickets"

    first_id: UUID = Field(foreign_key="households.id")
    second_id: UUID = Field(foreign_key="households.id", index=True)
    state: State = Field(default=State.OPEN, sa_type=state_column(State), index=True)
    score: int
    reasons: list[Reason] = Field(sa_type=JSONB)
    policy: str = Field(max_length=20)
    follows: UUID | None = Field(default=None, foreign_key="duplicate_tickets.id")
    assignee: str | None = Field(default=None, max_length=200)
    proposal: Proposal | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    decided_by: str | None = Field(default=None, max_length=200)
    dismissal: Dismissal | None = Field(default=None, sa_type=state_column(Dismissal))

    __table_args__ = (
        sa.Index(
            "uq_duplicate_tickets_pair",
            "first_id",
            "second_id",
            unique=True,
            postgresql_where=sa.text(WAITS),
        ),
        sa.Index(None, "first_id", "second_id"),
        sa.CheckConstraint("first_id < second_id", name="pair"),
        sa.CheckConstraint("score BETWEEN 0 AND 100", name="score"),
    )

    @property
    def pair(self) -> tuple[UUID, UUID]:
        """The two families, in the order of their ids."""
        return self.first_id, self.second_id

    def learn(self, score: int, reasons: list[Reason], *, policy: str) -> None:
        """Show what speaks for and against the pair now, while nobody decided."""
        self.score, self.reasons, self.policy = score, reasons, policy

    def take(self, *, by: str) -> None:
        """Note who looks at the pair.

        Raises:
            HeldByAnother: another person does.
        """
        if self.assignee not in {None, by}:
            raise HeldByAnother
        self.assignee = by

    def assign(self, *, to: str | None) -> None:
        """Give the pair to a person, or back to the queue."""
        self.assignee = to

    def dismiss(self, *, by: str, reason: Dismissal) -> None:
        """Note that these are two families.

        Raises:
            HeldByAnother: another person looks at the pair.
        """
        dismissed = TicketLifecycle.dismiss(self.state)
        self.take(by=by)
        self.state, self.decided_by, self.dismissal = dismissed, by, reason

    def propose(self, proposal: Proposal) -> None:
        """Note how the two would become one; another person confirms.

        Raises:
            HeldByAnother: another person looks at the pair.
        """
        proposed = TicketLifecycle.propose(self.state)
        self.take(by=proposal["proposed_by"])
        self.state, self.proposal = proposed, proposal

    def send_back(self) -> None:
        """Give the proposal back to who made it, or to the queue after them."""
        self.state, self.proposal = TicketLifecycle.send_back(self.state), None

    def confirm(self, *, by: str) -> Proposal:
        """Note that a second person agrees; return what is to be done.

        Raises:
            SecondPersonNeeded: it is the proposer.
        """
        confirmed = TicketLifecycle.confirm(self.state)
        if self.proposal is None or by == self.proposal["proposed_by"]:
            raise SecondPersonNeeded
        self.state, self.decided_by = confirmed, by
        return self.proposal

    def lapse(self) -> None:
        """Note that one of the families left the registry otherwise."""
        self.state = TicketLifecycle.lapse(self.state)

    def undo(self) -> None:
        """Note that the merge was taken back: they are two families."""
        self.state = TicketLifecycle.undo(self.state)


class Moved(TypedDict):
    """A person's row in the absorbed family, and the one that the survivor got of them."""

    member_id: str
    became: str
    adult_woman: bool


class MovedAid(TypedDict):
    """Aid of the absorbed family that ended, and the survivor's that went on in its place."""

    ended: str
    started: str | None


class Merge(Aggregate, Table, table=True):
    """What a merge changed, by row ids: all it takes to undo it, and nothing that names anyone.

    Of the absorbed family, the card, members, deciles, consents and history stay where they are.
    """

    __tablename__ = "household_merges"

    ticket_id: UUID = Field(foreign_key="duplicate_tickets.id", unique=True)
    survivor_id: UUID = Field(foreign_key="households.id", index=True)
    absorbed_id: UUID = Field(foreign_key="households.id", index=True)
    proposed_by: str = Field(max_length=200)
    confirmed_by: str = Field(max_length=200)
    merged_on: date
    survivor_status: str = Field(max_length=32)
    absorbed_status: str = Field(max_length=32)
    since_version: int
    united: dict[str, str] = Field(default_factory=dict, sa_type=JSONB)
    moved: list[Moved] = Field(default_factory=list, sa_type=JSONB)
    aid: list[MovedAid] = Field(default_factory=list, sa_type=JSONB)
    assignment_id: UUID | None = None
    undone_by: str | None = Field(default=None, max_length=200)
    undone_at: datetime | None = Field(default=None, sa_type=utc_column())

    def persons(self) -> dict[UUID, UUID]:
        """Return which member of the absorbed family is which of the survivor."""
        moved = {each["member_id"]: each["became"] for each in self.moved}
        return {UUID(gone): UUID(here) for gone, here in {**self.united, **moved}.items()}

    def told(self) -> HouseholdMerged:
        """Return what the world may know of the merge."""
        return HouseholdMerged(
            household_id=self.absorbed_id,
            into_household_id=self.survivor_id,
            merged_on=self.merged_on,
        )

    def undo(self, *, by: str) -> HouseholdUnmerged:
        """Note who took it back."""
        self.undone_by, self.undone_at = by, clock.now()
        return HouseholdUnmerged(
            household_id=self.absorbed_id,
            from_household_id=self.survivor_id,
            unmerged_on=clock.today(),
        )
