"""Partners and their contracts."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the tables of the offtakers."""
    op.create_table(
        "partner",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code", sa.String, nullable=False, unique=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("organisation", sa.String, nullable=False, index=True),
        sa.Column("country", sa.String, nullable=False),
    )
    op.create_table(
        "partner_contract",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("partner_id", sa.Uuid, sa.ForeignKey("partner.id"), nullable=False, index=True),
        sa.Column("number", sa.String, nullable=False, unique=True),
        sa.Column("currency", sa.String, nullable=False),
        sa.Column("payment_terms_days", sa.Integer, nullable=False),
        sa.Column("sampling_level", sa.String(32), nullable=False),
        sa.Column("aql_critical", sa.String(32), nullable=False),
        sa.Column("aql_major", sa.String(32), nullable=False),
        sa.Column("aql_minor", sa.String(32), nullable=False),
        sa.Column("tolerance_percent", sa.Numeric(5, 2), nullable=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_until", sa.Date, nullable=True),
        sa.CheckConstraint("payment_terms_days >= 0", name="payment_terms"),
        sa.CheckConstraint("tolerance_percent BETWEEN 0 AND 100", name="tolerance"),
        sa.CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="validity"),
    )
