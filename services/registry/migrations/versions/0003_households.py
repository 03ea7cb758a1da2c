"""Families, their members, and the versions of what was known of them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the tables; a KK number is unique among families that are not closed."""
    _households()
    _members()
    _versions()


def _households() -> None:
    op.create_table(
        "households",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reference", sa.String(64), nullable=False),
        sa.Column("kk_number", sa.LargeBinary, nullable=False),
        sa.Column("kk_index", sa.LargeBinary, nullable=False),
        sa.Column("desa_code", sa.String(13), nullable=False),
        sa.Column("address", sa.LargeBinary),
        sa.Column("phone", sa.LargeBinary),
        sa.Column("registered_on", sa.Date, nullable=False),
        sa.Column("registered_by", sa.String(100), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("closed_on", sa.Date),
        sa.Column("closing_reason", sa.String(32)),
        sa.Column("member_count", sa.Integer, nullable=False),
        sa.Column("adult_women", sa.Integer, nullable=False),
        sa.Column("livelihood", JSONB(none_as_null=True)),
        sa.Column("warnings", JSONB, nullable=False),
        sa.Column("synthetic", sa.Boolean, nullable=False),
        sa.Column("decile", sa.Integer),
        sa.Column("decile_cycle", sa.String(6)),
        sa.Column("facilitator_id", sa.Uuid),
        sa.Column("fingerprint", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_households"),
        sa.UniqueConstraint("reference", name="uq_households_reference"),
        sa.ForeignKeyConstraint(
            ["desa_code"], ["regions.code"], name="fk_households_desa_code_regions"
        ),
        sa.CheckConstraint("decile BETWEEN 1 AND 10", name="ck_households_decile"),
        sa.CheckConstraint("adult_women BETWEEN 0 AND member_count", name="ck_households_members"),
    )
    op.create_index(
        "uq_households_kk_index",
        "households",
        ["kk_index"],
        unique=True,
        postgresql_where=sa.text("status <> 'closed'"),
    )
    for column in ("desa_code", "status", "facilitator_id"):
        op.create_index(f"ix_households_{column}", "households", [column])


def _members() -> None:
    op.create_table(
        "household_members",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("household_id", sa.Uuid, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("nik", sa.LargeBinary, nullable=False),
        sa.Column("nik_index", sa.LargeBinary, nullable=False),
        sa.Column("name", sa.LargeBinary, nullable=False),
        sa.Column("sex", sa.String(32), nullable=False),
        sa.Column("birth_date", sa.Date, nullable=False),
        sa.Column("relation", sa.String(32), nullable=False),
        sa.Column("occupation", sa.String(100)),
        sa.Column("synthetic", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_household_members"),
        sa.UniqueConstraint(
            "household_id", "nik_index", name="uq_household_members_household_id_nik_index"
        ),
        sa.ForeignKeyConstraint(
            ["household_id"],
            ["households.id"],
            name="fk_household_members_household_id_households",
        ),
    )
    for column in ("household_id", "nik_index"):
        op.create_index(f"ix_household_members_{column}", "household_members", [column])


def _versions() -> None:
    op.create_table(
        "household_versions",
        sa.Column("household_id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("effective_on", sa.Date, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("desa_code", sa.String(13), nullable=False),
        sa.Column("member_count", sa.Integer, nullable=False),
        sa.Column("adult_women", sa.Integer, nullable=False),
        sa.Column("livelihood", JSONB(none_as_null=True)),
        sa.Column("decile", sa.Integer),
        sa.Column("facilitator_id", sa.Uuid),
        sa.PrimaryKeyConstraint("household_id", "version", name="pk_household_versions"),
        sa.ForeignKeyConstraint(
            ["household_id"],
            ["households.id"],
            name="fk_household_versions_household_id_households",
        ),
    )
