"""Criteria and proposals of graduation."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "graduation_criteria",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edition", sa.String(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("minimum_readiness", sa.Numeric(precision=3, scale=2), nullable=False),
        sa.Column("criteria", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "minimum_readiness BETWEEN 0 AND 1",
            name=op.f("ck_graduation_criteria_minimum_is_a_share"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_graduation_criteria")),
        sa.UniqueConstraint("edition", name=op.f("uq_graduation_criteria_edition")),
    )
    op.create_index(
        op.f("ix_graduation_criteria_effective_from"),
        "graduation_criteria",
        ["effective_from"],
        unique=False,
    )
    op.create_table(
        "graduation_proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("facilitator_id", sa.Uuid(), nullable=True),
        sa.Column(
            "exit_kind",
            sa.Enum(
                "natural",
                "self_reliant",
                "non_commitment",
                name="exitkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("proposed_by", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("criteria_version", sa.String(), nullable=False),
        sa.Column("readiness", sa.Numeric(precision=3, scale=2), nullable=False),
        sa.Column("ready", sa.Boolean(), nullable=False),
        sa.Column("snapshot", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "approved",
                "refused",
                "reversed",
                name="state",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("reversed_on", sa.Date(), nullable=True),
        sa.Column("reversed_by", sa.String(), nullable=True),
        sa.Column("reversal_reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "decided_by <> proposed_by", name=op.f("ck_graduation_proposal_second_person")
        ),
        sa.ForeignKeyConstraint(
            ["household_id"],
            ["candidate.id"],
            name=op.f("fk_graduation_proposal_household_id_candidate"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_graduation_proposal")),
    )
    op.create_index(
        op.f("ix_graduation_proposal_facilitator_id_proposed_on"),
        "graduation_proposal",
        ["facilitator_id", "proposed_on"],
        unique=False,
    )
    op.create_index(
        op.f("ix_graduation_proposal_household_id"),
        "graduation_proposal",
        ["household_id"],
        unique=False,
    )
    op.create_index(
        "uq_graduation_proposal_live",
        "graduation_proposal",
        ["household_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('proposed', 'approved')"),
    )
