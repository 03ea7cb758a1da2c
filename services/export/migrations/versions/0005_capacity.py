"""Groups, makers' skills, and the weeks promised to orders."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the projection of capacity."""
    op.create_table(
        "capacity_group",
        sa.Column("group_id", sa.Uuid, primary_key=True),
        sa.Column("desa_code", sa.String, nullable=False, index=True),
        sa.Column("active", sa.Boolean, nullable=False),
    )
    op.create_table(
        "capacity_member",
        sa.Column("group_id", sa.Uuid, sa.ForeignKey("capacity_group.group_id"), primary_key=True),
        sa.Column("household_id", sa.Uuid, primary_key=True, index=True),
    )
    op.create_table(
        "maker_skill",
        sa.Column("household_id", sa.Uuid, primary_key=True),
        sa.Column("skill", sa.String, primary_key=True),
        sa.Column("grade", sa.String(32), nullable=False),
    )
    op.create_table(
        "capacity_booking",
        sa.Column("group_id", sa.Uuid, sa.ForeignKey("capacity_group.group_id"), primary_key=True),
        sa.Column("week", sa.Date, primary_key=True),
        sa.Column("line_id", sa.Uuid, sa.ForeignKey("order_line.id"), primary_key=True),
        sa.Column("pieces", sa.Integer, nullable=False),
        sa.CheckConstraint("pieces > 0", name="pieces"),
        sa.CheckConstraint("extract(isodow FROM week) = 1", name="week_starts_on_monday"),
    )
