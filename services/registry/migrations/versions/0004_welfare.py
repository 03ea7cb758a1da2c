"""The ledger of DTSEN deciles."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the ledger: one decile a family and cycle."""
    op.create_table(
        "decile_records",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("household_id", sa.Uuid, nullable=False),
        sa.Column("cycle", sa.String(6), nullable=False),
        sa.Column("decile", sa.Integer, nullable=False),
        sa.Column("reference_date", sa.Date, nullable=False),
        sa.Column("source", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_decile_records"),
        sa.UniqueConstraint("household_id", "cycle", name="uq_decile_records_household_id_cycle"),
        sa.ForeignKeyConstraint(
            ["household_id"], ["households.id"], name="fk_decile_records_household_id_households"
        ),
        sa.CheckConstraint("decile BETWEEN 1 AND 10", name="ck_decile_records_decile"),
    )
    op.create_index("ix_decile_records_cycle", "decile_records", ["cycle"])
