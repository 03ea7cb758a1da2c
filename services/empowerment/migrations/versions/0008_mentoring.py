"""Visits to families and groups."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "mentoring_visit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=True),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("desa_code", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "production",
                "quality",
                "p2k2",
                "coaching",
                name="visitkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("facilitator_id", sa.Uuid(), nullable=True),
        sa.Column("lot_id", sa.Uuid(), nullable=True),
        sa.Column("lot_rejected_on", sa.Date(), nullable=True),
        sa.Column("defects", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "state",
            sa.Enum("planned", "visited", "closed", name="state", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("visited_on", sa.Date(), nullable=True),
        sa.Column("findings", sa.String(), nullable=True),
        sa.Column("follow_up_due", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(household_id, group_id) = 1", name=op.f("ck_mentoring_visit_one_visited")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["kube.id"], name=op.f("fk_mentoring_visit_group_id_kube")
        ),
        sa.ForeignKeyConstraint(
            ["household_id"],
            ["candidate.id"],
            name=op.f("fk_mentoring_visit_household_id_candidate"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentoring_visit")),
        sa.UniqueConstraint(
            "lot_id", "lot_rejected_on", name=op.f("uq_mentoring_visit_lot_id_lot_rejected_on")
        ),
    )
    op.create_index(
        op.f("ix_mentoring_visit_desa_code"), "mentoring_visit", ["desa_code"], unique=False
    )
    op.create_index(
        op.f("ix_mentoring_visit_group_id_state"),
        "mentoring_visit",
        ["group_id", "state"],
        unique=False,
    )
    op.create_index(
        op.f("ix_mentoring_visit_household_id"), "mentoring_visit", ["household_id"], unique=False
    )
