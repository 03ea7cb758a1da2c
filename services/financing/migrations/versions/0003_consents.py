"""What families allow lenders to see."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("purposes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("data_sets", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("evidence_reference", sa.String(length=64), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column(
            "state",
            sa.Enum("live", "withdrawn", "expired", name="state", native_enum=False, length=32),
            nullable=False,
        ),
        sa.CheckConstraint("given_on <= valid_until", name=op.f("ck_consent_period")),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_consent_provider_id_provider")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index(op.f("ix_consent_household_id"), "consent", ["household_id"], unique=False)
    op.create_index(op.f("ix_consent_provider_id"), "consent", ["provider_id"], unique=False)
    op.create_index(
        "uq_consent_live",
        "consent",
        ["household_id", "provider_id"],
        unique=True,
        postgresql_where=sa.text("state = 'live'"),
    )
