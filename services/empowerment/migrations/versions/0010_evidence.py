"""Evidence of income and quality."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "judged_work",
        sa.Column("earning_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("accepted_pieces", sa.Integer(), nullable=False),
        sa.Column("rejected_pieces", sa.Integer(), nullable=False),
        sa.Column("earned_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("earning_id", name=op.f("pk_judged_work")),
    )
    op.create_index(
        op.f("ix_judged_work_household_id_earned_on"),
        "judged_work",
        ["household_id", "earned_on"],
        unique=False,
    )
    op.create_table(
        "paid_slip",
        sa.Column("slip_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("slip_id", name=op.f("pk_paid_slip")),
    )
    op.create_index(
        op.f("ix_paid_slip_household_id_paid_on"),
        "paid_slip",
        ["household_id", "paid_on"],
        unique=False,
    )
    op.create_table(
        "income_verification",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("monthly_idr", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=False),
        sa.Column("verified_by", sa.String(), nullable=False),
        sa.Column("document_number", sa.String(), nullable=False),
        sa.CheckConstraint("monthly_idr > 0", name=op.f("ck_income_verification_amount_positive")),
        sa.CheckConstraint("months > 0", name=op.f("ck_income_verification_months_positive")),
        sa.ForeignKeyConstraint(
            ["household_id"],
            ["candidate.id"],
            name=op.f("fk_income_verification_household_id_candidate"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_income_verification")),
        sa.UniqueConstraint("document_number", name=op.f("uq_income_verification_document_number")),
    )
    op.create_index(
        op.f("ix_income_verification_household_id"),
        "income_verification",
        ["household_id"],
        unique=False,
    )
