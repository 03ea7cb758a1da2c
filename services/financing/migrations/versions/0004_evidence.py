"""What events tell of families."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "evidence",
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("desa_code", sa.String(length=13), nullable=True),
        sa.Column("adult_women", sa.Integer(), nullable=False),
        sa.Column("decile", sa.Integer(), nullable=True),
        sa.Column("grade", sa.String(length=1), nullable=True),
        sa.Column("accepted_pieces", sa.Integer(), nullable=False),
        sa.Column("rejected_pieces", sa.Integer(), nullable=False),
        sa.Column("graduated_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "accepted_pieces >= 0 AND rejected_pieces >= 0", name=op.f("ck_evidence_pieces")
        ),
        sa.PrimaryKeyConstraint("household_id", name=op.f("pk_evidence")),
    )
    op.create_table(
        "group_membership",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("group_id", "household_id", name=op.f("pk_group_membership")),
    )
    op.create_index(
        op.f("ix_group_membership_household_id"), "group_membership", ["household_id"], unique=False
    )
    op.create_table(
        "paid_month",
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_paid_month_amount")),
        sa.PrimaryKeyConstraint("household_id", "month", name=op.f("pk_paid_month")),
    )
