"""Villages, offers, demands and matches."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "cancelled_order",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("cancelled_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_cancelled_order")),
    )
    op.create_table(
        "material_demand",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("material", sa.String(), nullable=False),
        sa.Column("kilograms", sa.Integer(), nullable=False),
        sa.Column("matched_kilograms", sa.Integer(), nullable=False),
        sa.Column("needed_by", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "matched_kilograms BETWEEN 0 AND kilograms", name=op.f("ck_material_demand_demand_kept")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_material_demand")),
    )
    op.create_index(
        op.f("ix_material_demand_order_id"), "material_demand", ["order_id"], unique=False
    )
    op.create_table(
        "village",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("desa_code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("kampung_berdaya", name="villagekind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("commodities", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("declared_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_village")),
        sa.UniqueConstraint("desa_code", name=op.f("uq_village_desa_code")),
    )
    op.create_table(
        "supply_offer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("village_id", sa.Uuid(), nullable=False),
        sa.Column("desa_code", sa.String(), nullable=False),
        sa.Column("material", sa.String(), nullable=False),
        sa.Column("kilograms", sa.Integer(), nullable=False),
        sa.Column("matched_kilograms", sa.Integer(), nullable=False),
        sa.Column("available_from", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "matched_kilograms BETWEEN 0 AND kilograms", name=op.f("ck_supply_offer_offer_kept")
        ),
        sa.ForeignKeyConstraint(
            ["village_id"], ["village.id"], name=op.f("fk_supply_offer_village_id_village")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supply_offer")),
        sa.UniqueConstraint("reference", name=op.f("uq_supply_offer_reference")),
    )
    op.create_index(
        op.f("ix_supply_offer_village_id"), "supply_offer", ["village_id"], unique=False
    )
    op.create_table(
        "supply_match",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("demand_id", sa.Uuid(), nullable=False),
        sa.Column("kilograms", sa.Integer(), nullable=False),
        sa.CheckConstraint("kilograms > 0", name=op.f("ck_supply_match_kilograms_positive")),
        sa.ForeignKeyConstraint(
            ["demand_id"],
            ["material_demand.id"],
            name=op.f("fk_supply_match_demand_id_material_demand"),
        ),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["supply_offer.id"], name=op.f("fk_supply_match_offer_id_supply_offer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supply_match")),
    )
    op.create_index(op.f("ix_supply_match_demand_id"), "supply_match", ["demand_id"], unique=False)
    op.create_index(op.f("ix_supply_match_offer_id"), "supply_match", ["offer_id"], unique=False)
