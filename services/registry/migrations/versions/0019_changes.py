"""Change requests with maker and checker, and the dated rules they are judged by."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Create the tables; the first policy is written when it is first needed."""
    op.create_table(
        "change_policies",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=False),
        sa.Column("second_person_for", JSONB(), nullable=False),
        sa.Column("days_to_live", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("days_to_live BETWEEN 1 AND 365", name="days_to_live"),
        sa.PrimaryKeyConstraint("version", name="pk_change_policies"),
    )
    _requests()
    op.create_index(
        "ix_household_changes_expires_at",
        "household_changes",
        ["expires_at"],
        postgresql_where=sa.text("state IN ('proposed', 'conflicted')"),
    )
    op.create_index("ix_household_changes_household_id", "household_changes", ["household_id"])


def _requests() -> None:
    op.create_table(
        "household_changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("household_version", sa.Integer(), nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("fields", JSONB(), nullable=False),
        sa.Column("proposed", sa.LargeBinary(), nullable=False),
        sa.Column("base", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("proposed_by", sa.String(200), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(200)),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("refusal", sa.String(32)),
        sa.Column("applied_version", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name="pk_household_changes"),
        sa.ForeignKeyConstraint(
            ["household_id"], ["households.id"], name="fk_household_changes_household_id_households"
        ),
        sa.ForeignKeyConstraint(
            ["policy_version"],
            ["change_policies.version"],
            name="fk_household_changes_policy_version_change_policies",
        ),
    )
