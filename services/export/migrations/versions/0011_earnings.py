"""Earnings, slips and payout batches."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Create the tables of the makers' pay."""
    op.create_table(
        "payout_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("slips", sa.Integer(), nullable=False),
        sa.Column("total_amount", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "approved",
                "paid",
                "discarded",
                name="payoutstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("approved_by", sa.String(), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("proof_reference", sa.String(), nullable=True),
        sa.CheckConstraint("approved_by <> made_by", name=op.f("ck_payout_batch_two_persons")),
        sa.CheckConstraint("period_from <= period_to", name=op.f("ck_payout_batch_period")),
        sa.CheckConstraint("slips >= 1 AND total_amount >= 0", name=op.f("ck_payout_batch_total")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_batch")),
        sa.UniqueConstraint("reference", name=op.f("uq_payout_batch_reference")),
    )
    op.create_table(
        "payout_slip",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("accepted_pieces", sa.Integer(), nullable=False),
        sa.Column("gross_amount", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("deductions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("net_amount", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.CheckConstraint("accepted_pieces >= 1", name=op.f("ck_payout_slip_pieces")),
        sa.CheckConstraint(
            "net_amount BETWEEN 0 AND gross_amount", name=op.f("ck_payout_slip_amount")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["payout_batch.id"], name=op.f("fk_payout_slip_batch_id_payout_batch")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_slip")),
        sa.UniqueConstraint(
            "batch_id", "household_id", name=op.f("uq_payout_slip_batch_id_household_id")
        ),
    )
    op.create_index(
        op.f("ix_payout_slip_household_id"), "payout_slip", ["household_id"], unique=False
    )
    op.create_table(
        "earning",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("accepted_pieces", sa.Integer(), nullable=False),
        sa.Column("rejected_pieces", sa.Integer(), nullable=False),
        sa.Column("earned_amount", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("earned_on", sa.Date(), nullable=False),
        sa.Column("slip_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("earned_amount >= 0", name=op.f("ck_earning_amount")),
        sa.CheckConstraint(
            "least(accepted_pieces, rejected_pieces) >= 0", name=op.f("ck_earning_pieces")
        ),
        sa.CheckConstraint("slip_id IS NULL OR accepted_pieces > 0", name=op.f("ck_earning_slip")),
        sa.ForeignKeyConstraint(
            ["lot_id"], ["product_lot.id"], name=op.f("fk_earning_lot_id_product_lot")
        ),
        sa.ForeignKeyConstraint(
            ["slip_id"], ["payout_slip.id"], name=op.f("fk_earning_slip_id_payout_slip")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earning")),
        sa.UniqueConstraint("lot_id", "household_id", name=op.f("uq_earning_lot_id_household_id")),
    )
    op.create_index(op.f("ix_earning_household_id"), "earning", ["household_id"], unique=False)
    op.create_index(op.f("ix_earning_order_id"), "earning", ["order_id"], unique=False)
    op.create_index(op.f("ix_earning_slip_id"), "earning", ["slip_id"], unique=False)
    op.create_index(
        "ix_earning_unpaid",
        "earning",
        ["earned_on"],
        unique=False,
        postgresql_where=sa.text("slip_id IS NULL"),
    )
