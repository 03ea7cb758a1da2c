"""Plans that divide order lines over groups."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the tables of the division of work."""
    op.create_table(
        "allocation",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "order_id", sa.Uuid, sa.ForeignKey("purchase_order.id"), nullable=False, index=True
        ),
        sa.Column("line_id", sa.Uuid, sa.ForeignKey("order_line.id"), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("pieces", sa.Integer, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("planned_on", sa.Date, nullable=False),
        sa.Column("accepted_on", sa.Date, nullable=True),
        sa.CheckConstraint("pieces > 0", name="pieces"),
        sa.Index(
            "uq_allocation_line_id_not_discarded",
            "line_id",
            unique=True,
            postgresql_where=sa.text("state <> 'discarded'"),
        ),
    )
    op.create_table(
        "allocation_share",
        sa.Column("allocation_id", sa.Uuid, sa.ForeignKey("allocation.id"), primary_key=True),
        sa.Column("group_id", sa.Uuid, sa.ForeignKey("capacity_group.group_id"), primary_key=True),
        sa.Column("pieces", sa.Integer, nullable=False),
        sa.Column("basis", sa.String(32), nullable=False),
        sa.Column("makers", sa.Integer, nullable=False),
        sa.Column("weekly_pieces", sa.Integer, nullable=False),
        sa.Column("free_pieces", sa.Integer, nullable=False),
        sa.Column("earlier_pieces", sa.Integer, nullable=False),
        sa.CheckConstraint("pieces > 0", name="pieces"),
    )
