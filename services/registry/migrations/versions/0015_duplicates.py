"""Traces of families, pairs that people decide about, and merges."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Create the tables: one undecided ticket a pair, one scan at a time."""
    op.add_column("households", sa.Column("merged_into", sa.Uuid))
    op.create_foreign_key(
        "fk_households_merged_into_households", "households", "households", ["merged_into"], ["id"]
    )
    op.create_index("ix_households_merged_into", "households", ["merged_into"])
    _traces()
    _scans()
    _tickets()
    _merges()


def _aggregate() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
    )


def _traces() -> None:
    op.create_table(
        "duplicate_traces",
        sa.Column("household_id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("desa_code", sa.String(13), nullable=False),
        sa.Column("phone", sa.String(16)),
        sa.Column("persons", JSONB, nullable=False),
        sa.Column("blocks", ARRAY(sa.Integer), nullable=False),
        sa.PrimaryKeyConstraint("household_id", name="pk_duplicate_traces"),
    )
    op.create_table(
        "duplicate_blocks",
        sa.Column("block", sa.Integer, nullable=False),
        sa.Column("household_id", sa.Uuid, nullable=False),
        sa.PrimaryKeyConstraint("block", "household_id", name="pk_duplicate_blocks"),
    )
    op.create_table(
        "duplicate_waiting",
        sa.Column("household_id", sa.Uuid, nullable=False),
        sa.PrimaryKeyConstraint("household_id", name="pk_duplicate_waiting"),
    )


def _scans() -> None:
    op.create_table(
        "duplicate_scans",
        *_aggregate(),
        sa.Column("started_by", sa.String(200), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("last_id", sa.Uuid),
        *(
            sa.Column(name, sa.Integer, nullable=False)
            for name in ("total", "done", "tickets", "crowded")
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_duplicate_scans"),
    )
    op.create_index(
        "uq_duplicate_scans_running",
        "duplicate_scans",
        ["state"],
        unique=True,
        postgresql_where=sa.text("state = 'running'"),
    )


def _tickets() -> None:
    op.create_table(
        "duplicate_tickets",
        *_aggregate(),
        sa.Column("first_id", sa.Uuid, nullable=False),
        sa.Column("second_id", sa.Uuid, nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("score", sa.Integer, nullable=False),
        sa.Column("reasons", JSONB, nullable=False),
        sa.Column("policy", sa.String(20), nullable=False),
        sa.Column("follows", sa.Uuid),
        sa.Column("assignee", sa.String(200)),
        sa.Column("proposal", JSONB),
        sa.Column("decided_by", sa.String(200)),
        sa.Column("dismissal", sa.String(32)),
        sa.PrimaryKeyConstraint("id", name="pk_duplicate_tickets"),
        *_refers("duplicate_tickets", "households", "first_id", "second_id"),
        *_refers("duplicate_tickets", "duplicate_tickets", "follows"),
        sa.CheckConstraint("first_id < second_id", name="ck_duplicate_tickets_pair"),
        sa.CheckConstraint("score BETWEEN 0 AND 100", name="ck_duplicate_tickets_score"),
    )
    for column in ("second_id", "state"):
        op.create_index(f"ix_duplicate_tickets_{column}", "duplicate_tickets", [column])
    pair = ["first_id", "second_id"]
    op.create_index("ix_duplicate_tickets_first_id_second_id", "duplicate_tickets", pair)
    op.create_index(
        "uq_duplicate_tickets_pair",
        "duplicate_tickets",
        pair,
        unique=True,
        postgresql_where=sa.text("state IN ('open', 'proposed')"),
    )


def _merges() -> None:
    op.create_table(
        "household_merges",
        *_aggregate(),
        sa.Column("ticket_id", sa.Uuid, nullable=False),
        sa.Column("survivor_id", sa.Uuid, nullable=False),
        sa.Column("absorbed_id", sa.Uuid, nullable=False),
        sa.Column("proposed_by", sa.String(200), nullable=False),
        sa.Column("confirmed_by", sa.String(200), nullable=False),
        sa.Column("merged_on", sa.Date, nullable=False),
        sa.Column("survivor_status", sa.String(32), nullable=False),
        sa.Column("absorbed_status", sa.String(32), nullable=False),
        sa.Column("since_version", sa.Integer, nullable=False),
        *(sa.Column(name, JSONB, nullable=False) for name in ("united", "moved", "aid")),
        sa.Column("assignment_id", sa.Uuid),
        sa.Column("undone_by", sa.String(200)),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_household_merges"),
        sa.UniqueConstraint("ticket_id", name="uq_household_merges_ticket_id"),
        *_refers("household_merges", "households", "survivor_id", "absorbed_id"),
        *_refers("household_merges", "duplicate_tickets", "ticket_id"),
    )
    for column in ("survivor_id", "absorbed_id"):
        op.create_index(f"ix_household_merges_{column}", "household_merges", [column])


def _refers(table: str, other: str, *columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}")
        for column in columns
    ]
