"""Products and the materials they take."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the tables of what can be ordered."""
    op.create_table(
        "product",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sku", sa.String, nullable=False, unique=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("length_mm", sa.Integer, nullable=False),
        sa.Column("width_mm", sa.Integer, nullable=False),
        sa.Column("height_mm", sa.Integer, nullable=False),
        sa.Column("weight_grams", sa.Integer, nullable=False),
        sa.Column("hs_code", sa.String, nullable=False),
        sa.Column("skill", sa.String, nullable=False),
        sa.Column("currency", sa.String, nullable=False),
        sa.Column("piece_rate_amount", sa.Numeric(18, 2), nullable=False),
        sa.Column("minimum_piece_rate_amount", sa.Numeric(18, 2), nullable=False),
        sa.Column("minutes_per_piece", sa.Integer, nullable=False),
        sa.CheckConstraint("minimum_piece_rate_amount > 0", name="minimum_piece_rate"),
        sa.CheckConstraint(
            "piece_rate_amount >= minimum_piece_rate_amount", name="piece_rate_at_least_minimum"
        ),
        sa.CheckConstraint("length_mm > 0 AND width_mm > 0 AND height_mm > 0", name="size"),
        sa.CheckConstraint("weight_grams > 0", name="weight"),
    )
    op.create_table(
        "product_material",
        sa.Column("product_id", sa.Uuid, sa.ForeignKey("product.id"), primary_key=True),
        sa.Column("material", sa.String, primary_key=True),
        sa.Column("grams_per_piece", sa.Integer, nullable=False),
        sa.CheckConstraint("grams_per_piece > 0", name="grams"),
    )
