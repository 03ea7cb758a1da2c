"""Orders, their lines, and the raw material they need."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the tables of what partners ordered."""
    op.create_table(
        "purchase_order",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("partner_id", sa.Uuid, sa.ForeignKey("partner.id"), nullable=False),
        sa.Column("partner_order_number", sa.String, nullable=False, index=True),
        sa.Column("state", sa.String(32), nullable=False, index=True),
        sa.Column("ordered_on", sa.Date, nullable=False),
        sa.Column("submitted_on", sa.Date, nullable=True),
        sa.Column("accepted_on", sa.Date, nullable=True),
        sa.Column("started_on", sa.Date, nullable=True),
        sa.Column("shipped_on", sa.Date, nullable=True),
        sa.Column("delivered_on", sa.Date, nullable=True),
        sa.Column("closed_on", sa.Date, nullable=True),
        sa.Column("ended_on", sa.Date, nullable=True),
        sa.Column("reason", sa.String, nullable=True),
        sa.Column("shipped_pieces", sa.Integer, nullable=False),
        sa.CheckConstraint("shipped_pieces >= 0", name="shipped_pieces"),
        sa.UniqueConstraint("partner_id", "partner_order_number"),
    )
    op.create_table(
        "order_line",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("order_id", sa.Uuid, sa.ForeignKey("purchase_order.id"), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("product_id", sa.Uuid, sa.ForeignKey("product.id"), nullable=False, index=True),
        sa.Column("pieces", sa.Integer, nullable=False),
        sa.Column("unit_price_amount", sa.Numeric(18, 2), nullable=False),
        sa.Column("currency", sa.String, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("answer", sa.String(32), nullable=True),
        sa.Column("accepted_pieces", sa.Integer, nullable=True),
        sa.Column("accepted_due_on", sa.Date, nullable=True),
        sa.CheckConstraint("accepted_pieces >= 0", name="accepted_pieces"),
        sa.CheckConstraint("pieces > 0", name="pieces"),
        sa.CheckConstraint("unit_price_amount > 0", name="unit_price"),
        sa.UniqueConstraint("order_id", "position"),
    )
    op.create_table(
        "material_demand",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("order_id", sa.Uuid, sa.ForeignKey("purchase_order.id"), nullable=False),
        sa.Column("material", sa.String, nullable=False),
        sa.Column("kilograms", sa.Integer, nullable=False),
        sa.Column("needed_by", sa.Date, nullable=False),
        sa.CheckConstraint("kilograms > 0", name="kilograms"),
        sa.UniqueConstraint("order_id", "material"),
    )
