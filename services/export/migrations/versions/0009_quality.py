"""Inspections, and each group's severity."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Create the tables of quality control."""
    op.create_table(
        "group_quality",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column(
            "severity",
            sa.Enum(
                "normal",
                "tightened",
                "reduced",
                "discontinued",
                name="severity",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("recent", sa.String(), nullable=False),
        sa.Column("accepted_in_a_row", sa.Integer(), nullable=False),
        sa.Column("rejected_tightened", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "least(accepted_in_a_row, rejected_tightened) >= 0",
            name=op.f("ck_group_quality_counts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_quality")),
        sa.UniqueConstraint("group_id", name=op.f("uq_group_quality_group_id")),
    )
    op.create_table(
        "inspection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "severity",
            sa.Enum(
                "normal",
                "tightened",
                "reduced",
                "discontinued",
                name="severity",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("lot_size", sa.Integer(), nullable=False),
        sa.Column("code_letter", sa.String(), nullable=False),
        sa.Column("sample_size", sa.Integer(), nullable=False),
        sa.Column("class_plans", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("inspected_on", sa.Date(), nullable=False),
        sa.Column("inspector_note", sa.String(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "open", "accepted", "rejected", name="inspectionstate", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("inspected_pieces", sa.Integer(), nullable=True),
        sa.Column("defects", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("set_aside", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "inspected_pieces BETWEEN sample_size AND lot_size",
            name=op.f("ck_inspection_inspected"),
        ),
        sa.CheckConstraint("number >= 1 AND lot_size >= 1", name=op.f("ck_inspection_lot")),
        sa.CheckConstraint("sample_size BETWEEN 1 AND lot_size", name=op.f("ck_inspection_sample")),
        sa.ForeignKeyConstraint(
            ["lot_id"], ["product_lot.id"], name=op.f("fk_inspection_lot_id_product_lot")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection")),
        sa.UniqueConstraint("lot_id", "number", name=op.f("uq_inspection_lot_id_number")),
    )
