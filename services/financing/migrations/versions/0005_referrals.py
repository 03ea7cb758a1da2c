"""The way of families to lenders."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "graduate",
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("graduated_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("household_id", name=op.f("pk_graduate")),
    )
    op.create_table(
        "referral",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("product_code", sa.String(length=64), nullable=True),
        sa.Column("amount", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "referred",
                "acknowledged",
                "information_requested",
                "assessed",
                "offered",
                "accepted",
                "approved",
                "disbursed",
                "rejected",
                "withdrawn",
                "expired",
                name="state",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("drafted_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("provider_reference", sa.String(length=64), nullable=True),
        sa.Column("question", sa.String(length=2000), nullable=True),
        sa.Column("assessment", sa.String(length=2000), nullable=True),
        sa.Column("offered_amount", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("offered_months", sa.Integer(), nullable=True),
        sa.Column("offered_yearly_rate", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("proof_reference", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.String(length=2000), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_referral_amount")),
        sa.CheckConstraint("offered_amount > 0", name=op.f("ck_referral_offered_amount")),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_referral_provider_id_provider")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
        sa.UniqueConstraint("provider_id", "provider_reference", name="uq_referral_reference"),
    )
    op.create_index(op.f("ix_referral_due_on"), "referral", ["due_on"], unique=False)
    op.create_index(op.f("ix_referral_household_id"), "referral", ["household_id"], unique=False)
    op.create_index(op.f("ix_referral_provider_id"), "referral", ["provider_id"], unique=False)
    op.create_index(
        "uq_referral_open",
        "referral",
        ["household_id", "provider_id"],
        unique=True,
        postgresql_where=sa.text(
            "state IN ('draft', 'referred', 'acknowledged', 'information_requested',"
            " 'assessed', 'offered', 'accepted', 'approved')"
        ),
    )
