"""Pendamping and their caseloads."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the tables: a family is in at most one caseload at a time."""
    _facilitators()
    _assignments()


def _facilitators() -> None:
    op.create_table(
        "facilitators",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("employee_number", sa.String(64), nullable=False),
        sa.Column("name", sa.LargeBinary, nullable=False),
        sa.Column("area_code", sa.String(13), nullable=False),
        sa.Column("yearly_target", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_facilitators"),
        sa.UniqueConstraint("employee_number", name="uq_facilitators_employee_number"),
        sa.ForeignKeyConstraint(
            ["area_code"], ["regions.code"], name="fk_facilitators_area_code_regions"
        ),
        sa.CheckConstraint("yearly_target >= 0", name="ck_facilitators_yearly_target"),
    )
    op.create_index("ix_facilitators_area_code", "facilitators", ["area_code"])


def _assignments() -> None:
    op.create_table(
        "caseload_assignments",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("facilitator_id", sa.Uuid, nullable=False),
        sa.Column("household_id", sa.Uuid, nullable=False),
        sa.Column("assigned_on", sa.Date, nullable=False),
        sa.Column("ended_on", sa.Date),
        sa.PrimaryKeyConstraint("id", name="pk_caseload_assignments"),
        sa.ForeignKeyConstraint(
            ["facilitator_id"],
            ["facilitators.id"],
            name="fk_caseload_assignments_facilitator_id_facilitators",
        ),
        sa.ForeignKeyConstraint(
            ["household_id"],
            ["households.id"],
            name="fk_caseload_assignments_household_id_households",
        ),
        sa.CheckConstraint("ended_on >= assigned_on", name="ck_caseload_assignments_days"),
    )
    for column in ("facilitator_id", "household_id"):
        op.create_index(f"ix_caseload_assignments_{column}", "caseload_assignments", [column])
    op.create_index(
        "uq_caseload_assignments_household_id",
        "caseload_assignments",
        ["household_id"],
        unique=True,
        postgresql_where=sa.text("ended_on IS NULL"),
    )
