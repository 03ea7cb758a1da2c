"""Work orders, lots and who made them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the tables of production, and the numbers of lots."""
    op.execute("CREATE SEQUENCE lot_number")
    op.create_table(
        "work_order",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("delivered", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open", "done", "cancelled", name="workorderstate", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.CheckConstraint(
            "accepted >= 0 AND rejected >= 0 AND accepted + rejected <= delivered",
            name=op.f("ck_work_order_settled"),
        ),
        sa.CheckConstraint(
            "delivered - rejected <= pieces", name=op.f("ck_work_order_within_order")
        ),
        sa.CheckConstraint("pieces >= 1", name=op.f("ck_work_order_pieces")),
        sa.ForeignKeyConstraint(
            ["line_id"], ["order_line.id"], name=op.f("fk_work_order_line_id_order_line")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["purchase_order.id"], name=op.f("fk_work_order_order_id_purchase_order")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_work_order_product_id_product")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_order")),
        sa.UniqueConstraint("line_id", "group_id", name=op.f("uq_work_order_line_id_group_id")),
    )
    op.create_index(op.f("ix_work_order_group_id"), "work_order", ["group_id"], unique=False)
    op.create_index(op.f("ix_work_order_order_id"), "work_order", ["order_id"], unique=False)
    op.create_table(
        "product_lot",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lot_number", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("work_order_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("set_aside", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("packed", sa.Integer(), nullable=False),
        sa.Column("delivered_on", sa.Date(), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("scrap_reason", sa.String(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "delivered",
                "inspecting",
                "held",
                "reworked",
                "accepted",
                "scrapped",
                name="lotstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.CheckConstraint(
            "accepted >= 0 AND rejected >= 0 AND"
            " accepted + rejected = CASE WHEN settled_on IS NULL THEN 0 ELSE pieces END",
            name=op.f("ck_product_lot_settled"),
        ),
        sa.CheckConstraint("packed BETWEEN 0 AND accepted", name=op.f("ck_product_lot_packed")),
        sa.CheckConstraint("pieces >= 1", name=op.f("ck_product_lot_pieces")),
        sa.CheckConstraint("set_aside BETWEEN 0 AND pieces", name=op.f("ck_product_lot_set_aside")),
        sa.ForeignKeyConstraint(
            ["work_order_id"],
            ["work_order.id"],
            name=op.f("fk_product_lot_work_order_id_work_order"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_lot")),
        sa.UniqueConstraint("lot_number", name=op.f("uq_product_lot_lot_number")),
        sa.UniqueConstraint("reference", name=op.f("uq_product_lot_reference")),
    )
    op.create_index(op.f("ix_product_lot_order_id"), "product_lot", ["order_id"], unique=False)
    op.create_index(
        op.f("ix_product_lot_work_order_id"), "product_lot", ["work_order_id"], unique=False
    )
    op.create_table(
        "lot_maker",
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("days_worked", sa.Integer(), nullable=False),
        sa.Column("set_aside", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "accepted >= 0 AND rejected >= 0 AND accepted + rejected IN (0, pieces)",
            name=op.f("ck_lot_maker_settled"),
        ),
        sa.CheckConstraint("pieces >= 1 AND days_worked >= 1", name=op.f("ck_lot_maker_pieces")),
        sa.CheckConstraint("set_aside BETWEEN 0 AND pieces", name=op.f("ck_lot_maker_set_aside")),
        sa.ForeignKeyConstraint(
            ["lot_id"], ["product_lot.id"], name=op.f("fk_lot_maker_lot_id_product_lot")
        ),
        sa.PrimaryKeyConstraint("lot_id", "household_id", name=op.f("pk_lot_maker")),
    )
    op.create_index(op.f("ix_lot_maker_household_id"), "lot_maker", ["household_id"], unique=False)
