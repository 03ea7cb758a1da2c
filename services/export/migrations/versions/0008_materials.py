"""Raw material: lots, movements, holdings and what went into lots."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Create the tables of raw material."""
    op.create_table(
        "material_lot",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column("material", sa.String(), nullable=False),
        sa.Column("source_desa_code", sa.String(), nullable=False),
        sa.Column("match_id", sa.Uuid(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("received_grams", sa.BigInteger(), nullable=False),
        sa.Column("in_store_grams", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "in_store_grams BETWEEN 0 AND received_grams", name=op.f("ck_material_lot_in_store")
        ),
        sa.CheckConstraint("received_grams >= 1", name=op.f("ck_material_lot_received")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_material_lot")),
        sa.UniqueConstraint("reference", name=op.f("uq_material_lot_reference")),
    )
    op.create_index(op.f("ix_material_lot_material"), "material_lot", ["material"], unique=False)
    op.create_table(
        "material_holding",
        sa.Column("work_order_id", sa.Uuid(), nullable=False),
        sa.Column("material_lot_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("material", sa.String(), nullable=False),
        sa.Column("issued", sa.BigInteger(), nullable=False),
        sa.Column("returned", sa.BigInteger(), nullable=False),
        sa.Column("wasted", sa.BigInteger(), nullable=False),
        sa.Column("consumed_accepted", sa.BigInteger(), nullable=False),
        sa.Column("consumed_rejected", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "least(issued, returned, wasted, consumed_accepted, consumed_rejected) >= 0",
            name=op.f("ck_material_holding_not_negative"),
        ),
        sa.CheckConstraint(
            "returned + wasted + consumed_accepted + consumed_rejected <= issued",
            name=op.f("ck_material_holding_on_hand"),
        ),
        sa.ForeignKeyConstraint(
            ["material_lot_id"],
            ["material_lot.id"],
            name=op.f("fk_material_holding_material_lot_id_material_lot"),
        ),
        sa.ForeignKeyConstraint(
            ["work_order_id"],
            ["work_order.id"],
            name=op.f("fk_material_holding_work_order_id_work_order"),
        ),
        sa.PrimaryKeyConstraint(
            "work_order_id", "material_lot_id", name=op.f("pk_material_holding")
        ),
    )
    op.create_index(
        op.f("ix_material_holding_material_lot_id"),
        "material_holding",
        ["material_lot_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_material_holding_order_id"), "material_holding", ["order_id"], unique=False
    )
    op.create_table(
        "material_movement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("issue", "return", "waste", name="movementkind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("material_lot_id", sa.Uuid(), nullable=False),
        sa.Column("work_order_id", sa.Uuid(), nullable=False),
        sa.Column("grams", sa.BigInteger(), nullable=False),
        sa.Column("moved_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint("grams >= 1", name=op.f("ck_material_movement_grams")),
        sa.ForeignKeyConstraint(
            ["material_lot_id"],
            ["material_lot.id"],
            name=op.f("fk_material_movement_material_lot_id_material_lot"),
        ),
        sa.ForeignKeyConstraint(
            ["work_order_id"],
            ["work_order.id"],
            name=op.f("fk_material_movement_work_order_id_work_order"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_material_movement")),
        sa.UniqueConstraint("kind", "reference", name=op.f("uq_material_movement_kind_reference")),
    )
    op.create_index(
        op.f("ix_material_movement_material_lot_id"),
        "material_movement",
        ["material_lot_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_material_movement_work_order_id"),
        "material_movement",
        ["work_order_id"],
        unique=False,
    )
    op.create_table(
        "material_unissued_use",
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("material", sa.String(), nullable=False),
        sa.Column("work_order_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("grams", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("grams >= 1", name=op.f("ck_material_unissued_use_grams")),
        sa.ForeignKeyConstraint(
            ["lot_id"], ["product_lot.id"], name=op.f("fk_material_unissued_use_lot_id_product_lot")
        ),
        sa.ForeignKeyConstraint(
            ["work_order_id"],
            ["work_order.id"],
            name=op.f("fk_material_unissued_use_work_order_id_work_order"),
        ),
        sa.PrimaryKeyConstraint("lot_id", "material", name=op.f("pk_material_unissued_use")),
    )
    op.create_index(
        op.f("ix_material_unissued_use_order_id"),
        "material_unissued_use",
        ["order_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_material_unissued_use_work_order_id"),
        "material_unissued_use",
        ["work_order_id"],
        unique=False,
    )
    op.create_table(
        "material_use",
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("material_lot_id", sa.Uuid(), nullable=False),
        sa.Column("accepted_grams", sa.BigInteger(), nullable=False),
        sa.Column("rejected_grams", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "least(accepted_grams, rejected_grams) >= 0", name=op.f("ck_material_use_grams")
        ),
        sa.ForeignKeyConstraint(
            ["lot_id"], ["product_lot.id"], name=op.f("fk_material_use_lot_id_product_lot")
        ),
        sa.ForeignKeyConstraint(
            ["material_lot_id"],
            ["material_lot.id"],
            name=op.f("fk_material_use_material_lot_id_material_lot"),
        ),
        sa.PrimaryKeyConstraint("lot_id", "material_lot_id", name=op.f("pk_material_use")),
    )
    op.create_index(
        op.f("ix_material_use_material_lot_id"), "material_use", ["material_lot_id"], unique=False
    )
