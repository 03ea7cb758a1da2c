"""KUBE groups and their members."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "kube",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("desa_code", sa.String(), nullable=False),
        sa.Column("formed_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("forming", "active", "dissolved", name="state", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("activated_on", sa.Date(), nullable=True),
        sa.Column("dissolved_on", sa.Date(), nullable=True),
        sa.Column("chair", sa.Uuid(), nullable=True),
        sa.Column("secretary", sa.Uuid(), nullable=True),
        sa.Column("treasurer", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kube")),
        sa.UniqueConstraint("number", name=op.f("uq_kube_number")),
    )
    op.create_index(op.f("ix_kube_desa_code"), "kube", ["desa_code"], unique=False)
    op.create_table(
        "kube_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "left_on >= joined_on", name=op.f("ck_kube_member_leaves_after_joining")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["kube.id"], name=op.f("fk_kube_member_group_id_kube")
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["candidate.id"], name=op.f("fk_kube_member_household_id_candidate")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kube_member")),
    )
    op.create_index(op.f("ix_kube_member_group_id"), "kube_member", ["group_id"], unique=False)
    op.create_index(
        op.f("ix_kube_member_household_id_joined_on"),
        "kube_member",
        ["household_id", "joined_on"],
        unique=False,
    )
    op.create_index(
        "uq_kube_member_live",
        "kube_member",
        ["household_id"],
        unique=True,
        postgresql_where=sa.text("left_on IS NULL"),
    )
