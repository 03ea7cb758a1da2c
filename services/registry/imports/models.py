"""A file of families, kept sealed in chunks until it is applied, and what was found in it."""

from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from kernel.db import Aggregate, state_column, utc_column
from services.registry.db import Table
from services.registry.imports.columns import Layout
from services.registry.imports.differences import Difference
from services.registry.imports.lifecycle import ImportLifecycle, Outcome, Phase, State
from services.registry.imports.policies import MatchPolicy, OnConflict, Policy
from services.registry.imports.problems import RowsStuck, SamePerson

MAX_ATTEMPTS = 5
"""How often a chunk is tried that fails by a fault of ours."""


class HouseholdImport(Aggregate, Table, table=True):
    """One file; the worker's place in it is `next_chunk`, moved in the transaction of the chunk."""

    __tablename__ = "household_imports"

    filename: str = Field(max_length=200)
    sha256: bytes
    columns: list[str] = Field(sa_type=JSONB)
    delimiter: str = Field(max_length=1)
    sheet: str | None = Field(default=None, max_length=31)
    uploaded_by: str = Field(max_length=200)
    organisation: str = Field(max_length=100)
    regions: list[str] = Field(sa_type=JSONB)
    match_policy: MatchPolicy = Field(
        default=MatchPolicy.REFERENCE, sa_type=state_column(MatchPolicy)
    )
    on_conflict: OnConflict = Field(default=OnConflict.UPDATE, sa_type=state_column(OnConflict))
    policy_version: int = 1
    decided_by: str | None = Field(default=None, max_length=200)
    state: State = Field(default=State.UPLOADED, sa_type=state_column(State), index=True)
    phase: Phase = Field(default=Phase.CHECK, sa_type=state_column(Phase))
    phase_started_at: datetime | None = Field(default=None, sa_type=utc_column())
    chunks: int
    next_chunk: int = 0
    total: int
    done: int = 0
    new: int = 0
    unchanged: int = 0
    changed: int = 0
    errors: int = 0
    attempts: int = 0
    stuck_first_row: int | None = None
    stuck_last_row: int | None = None

    __table_args__ = (
        # The same file for the same area under the same policy is the same import; one that failed
        # may be tried anew.
        sa.Index(
            "uq_household_imports_same",
            "organisation",
            "sha256",
            "regions",
            "match_policy",
            "on_conflict",
            unique=True,
            postgresql_where=sa.text("state <> 'failed'"),
        ),
        sa.CheckConstraint("done <= total AND next_chunk <= chunks", name="progress"),
    )

    @property
    def layout(self) -> Layout:
        """How the file's lines are to be read."""
        return Layout(self.columns, self.delimiter)

    @property
    def policy(self) -> Policy:
        """What the file was uploaded under."""
        return Policy(self.match_policy, self.on_conflict, self.policy_version)

    @property
    def rate(self) -> float | None:
        """Rows a second since the phase began; None before the first chunk."""
        if self.phase_started_at is None or not self.done:
            return None
        seconds = (self.changed_at - self.phase_started_at).total_seconds()
        return round(self.done / max(seconds, 0.001), 1)

    @property
    def eta(self) -> datetime | None:
        """When the phase under way will have ended, if it goes on as until now."""
        if self.state not in {State.CHECKING, State.APPLYING} or not self.rate:
            return None
        return self.changed_at + timedelta(seconds=(self.total - self.done) / self.rate)

    @property
    def stuck(self) -> RowsStuck | None:
        """Return what stopped the file, if a fault of ours did."""
        if self.stuck_first_row is None:
            return None
        return RowsStuck(first_row=self.stuck_first_row, last_row=self.stuck_last_row)

    def begin(self, *, at: datetime) -> None:
        """Start the phase that waits, from the first chunk; a phase under way goes on."""
        if self.state is State.UPLOADED:
            self.state = ImportLifecycle.check(self.state)
        elif self.state is State.APPROVED:
            self.state, self.phase = ImportLifecycle.apply(self.state), Phase.APPLY
            self.next_chunk = self.done = 0
            self.new = self.unchanged = self.changed = 0
        else:
            return
        self.phase_started_at = at

    def count(self, *, rows: int, outcomes: dict[Outcome, int]) -> None:
        """Note that one more chunk is dealt with."""
        self.next_chunk += 1
        self.attempts = 0
        self.done += rows
        self.new += outcomes[Outcome.NEW]
        self.unchanged += outcomes[Outcome.UNCHANGED]
        self.changed += outcomes[Outcome.CHANGED]
        self.errors += outcomes[Outcome.ERROR]

    def stumble(self, *, first_row: int, last_row: int) -> None:
        """Note that a chunk failed by a fault of ours; too often, and the file has failed."""
        self.attempts += 1
        if self.attempts < MAX_ATTEMPTS:
            return
        self.state = ImportLifecycle.fail(self.state)
        self.stuck_first_row, self.stuck_last_row = first_row, last_row

    def end_phase(self) -> None:
        """Pass on once every chunk is dealt with: a file without a usable row has failed."""
        if self.phase is Phase.APPLY:
            self.state = ImportLifecycle.finish(self.state)
        elif self.errors < self.total:
            self.state = ImportLifecycle.pass_check(self.state)
        else:
            self.state = ImportLifecycle.fail(self.state)

    def approve(self, *, by: str) -> None:
        """Let the file be applied.

        Raises:
            SamePerson: the uploader does not decide.
        """
        approved = ImportLifecycle.approve(self.state)
        self._require_another(by)
        self.state, self.decided_by = approved, by

    def refuse(self, *, by: str) -> None:
        """Let the file be forgotten.

        Raises:
            SamePerson: the uploader does not decide.
        """
        refused = ImportLifecycle.refuse(self.state)
        self._require_another(by)
        self.state, self.decided_by = refused, by

    def _require_another(self, subject: str) -> None:
        if subject == self.uploaded_by:
            raise SamePerson


class ImportChunk(Table, table=True):
    """Some hundred lines of a file, sealed; `first_row` is the number of the first in the file."""

    __tablename__ = "import_chunks"

    import_id: UUID = Field(
        sa_column=sa.Column(
            sa.Uuid,
            # The chunks are written while the file streams in, the import when it has ended.
            sa.ForeignKey("household_imports.id", deferrable=True, initially="DEFERRED"),
            primary_key=True,
        )
    )
    number: int = Field(primary_key=True)
    first_row: int
    lines: bytes


class ImportRow(Table, table=True):
    """What the dry run made of a row; forgotten when the import has ended.

    A row about a registered family is applied to that very version of it, or not at all.
    """

    __tablename__ = "import_rows"

    import_id: UUID = Field(foreign_key="household_imports.id", primary_key=True)
    row: int = Field(primary_key=True)
    reference: str | None = Field(default=None, max_length=64)
    kk_index: bytes | None = None
    outcome: Outcome = Field(sa_type=state_column(Outcome))
    household_id: UUID | None = None
    household_version: int | None = None
    differences: list[Difference] = Field(default_factory=list, sa_type=JSONB)

    __table_args__ = (
        sa.Index("ix_import_rows_import_id_reference", "import_id", "reference"),
        sa.Index("ix_import_rows_import_id_kk_index", "import_id", "kk_index"),
    )


class RowError(Aggregate, Table, table=True):
    """One wrong cell, by row and column of the file; never its value."""

    __tablename__ = "import_errors"

    import_id: UUID = Field(foreign_key="household_imports.id", index=True)
    row: int
    column: str = Field(max_length=40)
    code: str = Field(max_length=60)
    hint: str | None = Field(default=None, max_length=300)

    __table_args__ = (sa.Index("ix_import_errors_import_id_row", "import_id", "row"),)


class RejectedLines(Table, table=True):
    """Rows of a chunk that were left out, sealed, to be sent back; forgotten some days later."""

    __tablename__ = "import_rejected_lines"

    import_id: UUID = Field(foreign_key="household_imports.id", primary_key=True)
    first_row: int = Field(primary_key=True)
    phase: Phase = Field(sa_type=state_column(Phase), primary_key=True)
    lines: bytes
