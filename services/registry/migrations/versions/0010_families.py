"""Families with a data key of their own, members through time, and who changed a record why."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0010"
down_revision = "0009"

AROUND = {"province_code": 2, "kabupaten_code": 5, "kecamatan_code": 8}


def upgrade() -> None:
    """Add what is new; families of before are registered again, as their fields have no own key."""
    _households()
    _members()
    op.add_column(
        "household_versions",
        sa.Column("changed_by", sa.String(200), nullable=False, server_default="registry"),
    )
    op.add_column(
        "household_versions",
        sa.Column("reason", sa.String(60), nullable=False, server_default="changed"),
    )
    for column in ("changed_by", "reason"):
        op.alter_column("household_versions", column, server_default=None)


def _households() -> None:
    op.alter_column("households", "desa_code", type_=sa.String(13, collation="C"))
    op.add_column("households", sa.Column("data_key", sa.LargeBinary))
    for column, length in AROUND.items():
        around = sa.Computed(f"left(desa_code, {length})", persisted=True)
        op.add_column("households", sa.Column(column, sa.String(length), around, nullable=False))
    op.drop_index("ix_households_desa_code", "households")
    for column in ("desa_code", "kabupaten_code", "province_code"):
        op.create_index(f"ix_households_{column}_id", "households", [column, "id"])
    op.create_index(
        "ix_households_livelihood",
        "households",
        ["livelihood"],
        postgresql_using="gin",
        postgresql_ops={"livelihood": "jsonb_path_ops"},
        postgresql_where=sa.text("livelihood IS NOT NULL"),
    )


def _members() -> None:
    table = "household_members"
    for column in (
        sa.Column("since_version", sa.Integer, nullable=False, server_default="1"),
        sa.Column("until_version", sa.Integer),
        sa.Column("birth_precision", sa.String(32), nullable=False, server_default="day"),
        sa.Column("education", sa.String(32)),
        sa.Column("marital_status", sa.String(32)),
        sa.Column("disabilities", JSONB, nullable=False, server_default="[]"),
    ):
        op.add_column(table, column)
    for name in ("since_version", "birth_precision", "disabilities"):
        op.alter_column(table, name, server_default=None)
    op.drop_constraint("uq_household_members_household_id_nik_index", table)
    op.drop_constraint("pk_household_members", table)
    op.create_primary_key("pk_household_members", table, ["id", "since_version"])
    op.create_index(
        "uq_household_members_current",
        table,
        ["household_id", "nik_index"],
        unique=True,
        postgresql_where=sa.text("until_version IS NULL"),
    )
    op.create_check_constraint("life", table, "until_version > since_version")
