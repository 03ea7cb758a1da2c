"""Shipments, containers, cartons and their contents."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Create the tables of shipments, and the serials of cartons."""
    op.execute("CREATE SEQUENCE sscc_serial")
    op.create_table(
        "shipment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("released_on", sa.Date(), nullable=True),
        sa.Column("departed_on", sa.Date(), nullable=True),
        sa.Column("arrived_on", sa.Date(), nullable=True),
        sa.Column("documents", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "loading",
                "released",
                "departed",
                "arrived",
                name="shipmentstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["purchase_order.id"], name=op.f("fk_shipment_order_id_purchase_order")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipment")),
        sa.UniqueConstraint("reference", name=op.f("uq_shipment_reference")),
    )
    op.create_index(op.f("ix_shipment_order_id"), "shipment", ["order_id"], unique=False)
    op.create_table(
        "container",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shipment_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("size_type", sa.String(), nullable=False),
        sa.Column("seal_number", sa.String(), nullable=True),
        sa.Column("sealed_on", sa.Date(), nullable=True),
        sa.Column(
            "state",
            sa.Enum("open", "sealed", name="containerstate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(state = 'sealed') = (seal_number IS NOT NULL)", name=op.f("ck_container_seal")
        ),
        sa.ForeignKeyConstraint(
            ["shipment_id"], ["shipment.id"], name=op.f("fk_container_shipment_id_shipment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_container")),
        sa.UniqueConstraint("shipment_id", "number", name=op.f("uq_container_shipment_id_number")),
    )
    op.create_table(
        "carton",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shipment_id", sa.Uuid(), nullable=False),
        sa.Column("container_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("sscc", sa.String(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.CheckConstraint("pieces >= 1", name=op.f("ck_carton_pieces")),
        sa.ForeignKeyConstraint(
            ["container_id"], ["container.id"], name=op.f("fk_carton_container_id_container")
        ),
        sa.ForeignKeyConstraint(
            ["shipment_id"], ["shipment.id"], name=op.f("fk_carton_shipment_id_shipment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carton")),
        sa.UniqueConstraint("shipment_id", "number", name=op.f("uq_carton_shipment_id_number")),
        sa.UniqueConstraint("sscc", name=op.f("uq_carton_sscc")),
    )
    op.create_index(op.f("ix_carton_container_id"), "carton", ["container_id"], unique=False)
    op.create_table(
        "carton_content",
        sa.Column("carton_id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.CheckConstraint("pieces >= 1", name=op.f("ck_carton_content_pieces")),
        sa.ForeignKeyConstraint(
            ["carton_id"], ["carton.id"], name=op.f("fk_carton_content_carton_id_carton")
        ),
        sa.ForeignKeyConstraint(
            ["lot_id"], ["product_lot.id"], name=op.f("fk_carton_content_lot_id_product_lot")
        ),
        sa.PrimaryKeyConstraint("carton_id", "lot_id", name=op.f("pk_carton_content")),
    )
    op.create_index(op.f("ix_carton_content_lot_id"), "carton_content", ["lot_id"], unique=False)
