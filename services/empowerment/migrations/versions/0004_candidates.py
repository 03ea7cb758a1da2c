"""The families that the registry told of."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "candidate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("desa_code", sa.String(), nullable=True),
        sa.Column("member_count", sa.Integer(), nullable=True),
        sa.Column("adult_women", sa.Integer(), nullable=True),
        sa.Column("registered_on", sa.Date(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "registered",
                "assisted",
                "empowered",
                "graduated",
                "returned",
                "closed",
                name="householdstatus",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("decile", sa.Integer(), nullable=True),
        sa.Column("decile_cycle", sa.String(), nullable=True),
        sa.Column("decile_reference_date", sa.Date(), nullable=True),
        sa.Column("facilitator_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("decile BETWEEN 1 AND 10", name=op.f("ck_candidate_decile_in_range")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidate")),
    )
    op.create_index(op.f("ix_candidate_desa_code"), "candidate", ["desa_code"], unique=False)
    op.create_index(
        op.f("ix_candidate_facilitator_id_id"), "candidate", ["facilitator_id", "id"], unique=False
    )
