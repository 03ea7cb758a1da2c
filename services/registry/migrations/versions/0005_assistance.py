"""Social aid that families receive."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the table: at most one active aid a family and scheme."""
    op.create_table(
        "assistance",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("household_id", sa.Uuid, nullable=False),
        sa.Column("scheme", sa.String(32), nullable=False),
        sa.Column("components", JSONB, nullable=False),
        sa.Column("started_on", sa.Date, nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("ended_on", sa.Date),
        sa.Column("end_reason", sa.String(60)),
        sa.PrimaryKeyConstraint("id", name="pk_assistance"),
        sa.ForeignKeyConstraint(
            ["household_id"], ["households.id"], name="fk_assistance_household_id_households"
        ),
        sa.CheckConstraint("ended_on >= started_on", name="ck_assistance_days"),
    )
    op.create_index("ix_assistance_household_id", "assistance", ["household_id"])
    op.create_index(
        "uq_assistance_household_id_scheme",
        "assistance",
        ["household_id", "scheme"],
        unique=True,
        postgresql_where=sa.text("state = 'active'"),
    )
