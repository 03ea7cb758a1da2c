"""Ledgers with memory: BPS deliveries and beliefs, PKH components, areas, targets, proposals."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0012"
down_revision = "0011"

CODE = sa.String(13, collation="C")


def upgrade() -> None:
    """Create the tables, and keep what was recorded before them."""
    _deliveries()
    _decile_records()
    _assistance()
    _facilitators()
    _graduations()
    _proposals()


def _aggregate() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
    ]


def _deliveries() -> None:
    op.create_table(
        "dtsen_deliveries",
        *_aggregate(),
        sa.Column("cycle", sa.String(6), nullable=False),
        sa.Column(
            "kind",
            sa.String(32),
            nullable=False,
        ),
        sa.Column("reference_date", sa.Date, nullable=False),
        sa.Column("document_number", sa.String(64), nullable=False),
        sa.Column("received_on", sa.Date, nullable=False),
        sa.Column(
            "state",
            sa.String(32),
            nullable=False,
        ),
        sa.Column("opened_by", sa.String(200), nullable=False),
        sa.Column("closed_by", sa.String(200)),
        sa.Column("received", sa.Integer, nullable=False),
        sa.Column("ranked", sa.Integer, nullable=False),
        sa.Column("unknown", sa.Integer, nullable=False),
        sa.Column("recorded", sa.Integer, nullable=False),
        sa.Column("published", sa.Integer, nullable=False),
        sa.Column("published_until", sa.Uuid),
        sa.PrimaryKeyConstraint("id", name="pk_dtsen_deliveries"),
    )
    op.create_index("ix_dtsen_deliveries_cycle", "dtsen_deliveries", ["cycle"])
    op.create_index("ix_dtsen_deliveries_state", "dtsen_deliveries", ["state"])
    op.create_index(
        "uq_dtsen_deliveries_cycle",
        "dtsen_deliveries",
        ["cycle"],
        unique=True,
        postgresql_where=sa.text("kind = 'ranking' AND state <> 'discarded'"),
    )
    op.create_index(
        "uq_dtsen_deliveries_document_number",
        "dtsen_deliveries",
        ["document_number"],
        unique=True,
        postgresql_where=sa.text("state <> 'discarded'"),
    )
    op.create_table(
        "dtsen_lines",
        sa.Column("delivery_id", sa.Uuid, nullable=False),
        sa.Column("household_id", sa.Uuid, nullable=False),
        sa.Column("decile", sa.Integer, nullable=False),
        sa.CheckConstraint("decile BETWEEN 1 AND 10", name="ck_dtsen_lines_decile"),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["dtsen_deliveries.id"],
            name="fk_dtsen_lines_delivery_id_dtsen_deliveries",
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["households.id"], name="fk_dtsen_lines_household_id_households"
        ),
        sa.PrimaryKeyConstraint("delivery_id", "household_id", name="pk_dtsen_lines"),
    )


def _decile_records() -> None:
    op.drop_constraint("uq_decile_records_household_id_cycle", "decile_records")
    op.drop_index("ix_decile_records_cycle", "decile_records")
    op.add_column("decile_records", sa.Column("desa_code", CODE))
    op.add_column("decile_records", sa.Column("delivery_id", sa.Uuid))
    op.add_column("decile_records", sa.Column("superseded_at", sa.DateTime(timezone=True)))
    op.execute(
        "UPDATE decile_records r SET desa_code = h.desa_code"
        " FROM households h WHERE h.id = r.household_id"
    )
    op.alter_column("decile_records", "desa_code", nullable=False)
    op.create_foreign_key(
        "fk_decile_records_delivery_id_dtsen_deliveries",
        "decile_records",
        "dtsen_deliveries",
        ["delivery_id"],
        ["id"],
    )
    op.create_check_constraint(
        "ck_decile_records_belief", "decile_records", "superseded_at >= recorded_at"
    )
    op.create_index(
        "uq_decile_records_household_id_cycle",
        "decile_records",
        ["household_id", "cycle"],
        unique=True,
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    for columns in (
        ["household_id", "recorded_at"],
        ["cycle", "desa_code"],
        ["delivery_id", "household_id"],
    ):
        op.create_index(f"ix_decile_records_{'_'.join(columns)}", "decile_records", columns)


def _assistance() -> None:
    op.add_column("assistance", sa.Column("member_id", sa.Uuid))
    op.add_column("assistance", sa.Column("exit_told_on", sa.Date))
    op.create_check_constraint(
        "ck_assistance_person", "assistance", "member_id IS NULL OR scheme = 'pbi_jkn'"
    )
    op.create_index(
        "uq_assistance_household_id_scheme_member_id",
        "assistance",
        ["household_id", "scheme", "member_id"],
        unique=True,
        postgresql_where=sa.text("state = 'active'"),
        postgresql_nulls_not_distinct=True,
    )
    op.drop_index("uq_assistance_household_id_scheme", "assistance")
    op.create_table(
        "pkh_components",
        *_aggregate(),
        sa.Column("assistance_id", sa.Uuid, nullable=False),
        sa.Column("household_id", sa.Uuid, nullable=False),
        sa.Column("member_id", sa.Uuid, nullable=False),
        sa.Column(
            "component",
            sa.String(32),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date),
        sa.Column("end_reason", sa.String(60)),
        sa.CheckConstraint("ends_on >= starts_on", name="ck_pkh_components_days"),
        sa.ForeignKeyConstraint(
            ["assistance_id"],
            ["assistance.id"],
            name="fk_pkh_components_assistance_id_assistance",
        ),
        sa.ForeignKeyConstraint(
            ["household_id"],
            ["households.id"],
            name="fk_pkh_components_household_id_households",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_pkh_components"),
    )
    op.create_index("ix_pkh_components_assistance_id", "pkh_components", ["assistance_id"])
    op.create_index("ix_pkh_components_household_id", "pkh_components", ["household_id"])


def _facilitators() -> None:
    op.alter_column("facilitators", "yearly_target", nullable=True)
    op.execute("UPDATE facilitators SET yearly_target = NULL WHERE yearly_target = 10")
    op.create_index(
        "ix_caseload_assignments_current",
        "caseload_assignments",
        ["facilitator_id"],
        postgresql_where=sa.text("ended_on IS NULL"),
    )
    op.create_table(
        "facilitator_areas",
        *_aggregate(),
        sa.Column("facilitator_id", sa.Uuid, nullable=False),
        sa.Column("area_code", CODE, nullable=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_until", sa.Date),
        sa.CheckConstraint("valid_until > valid_from", name="ck_facilitator_areas_validity"),
        sa.ForeignKeyConstraint(
            ["area_code"], ["regions.code"], name="fk_facilitator_areas_area_code_regions"
        ),
        sa.ForeignKeyConstraint(
            ["facilitator_id"],
            ["facilitators.id"],
            name="fk_facilitator_areas_facilitator_id_facilitators",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_facilitator_areas"),
    )
    op.create_index("ix_facilitator_areas_area_code", "facilitator_areas", ["area_code"])
    op.create_index(
        "ix_facilitator_areas_facilitator_id",
        "facilitator_areas",
        ["facilitator_id"],
    )
    op.create_table(
        "facilitator_targets",
        *_aggregate(),
        sa.Column("facilitator_id", sa.Uuid),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("target", sa.Integer, nullable=False),
        sa.Column("effective_on", sa.Date, nullable=False),
        sa.Column("set_by", sa.String(200), nullable=False),
        sa.CheckConstraint("target >= 0", name="ck_facilitator_targets_target"),
        sa.ForeignKeyConstraint(
            ["facilitator_id"],
            ["facilitators.id"],
            name="fk_facilitator_targets_facilitator_id_facilitators",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_facilitator_targets"),
    )
    op.create_index(
        "ix_facilitator_targets_year_facilitator_id",
        "facilitator_targets",
        ["year", "facilitator_id"],
    )
    op.execute(
        "INSERT INTO facilitator_areas"
        " (id, version, recorded_at, changed_at, facilitator_id, area_code, valid_from)"
        " SELECT uuidv7(), 1, recorded_at, recorded_at, id, area_code, '2000-01-01'"
        " FROM facilitators"
    )


def _graduations() -> None:
    op.create_table(
        "facilitator_graduations",
        sa.Column("household_id", sa.Uuid, nullable=False),
        sa.Column("graduated_on", sa.Date, nullable=False),
        sa.Column("facilitator_id", sa.Uuid),
        sa.Column("reversed_on", sa.Date),
        sa.ForeignKeyConstraint(
            ["facilitator_id"],
            ["facilitators.id"],
            name="fk_facilitator_graduations_facilitator_id_facilitators",
        ),
        sa.ForeignKeyConstraint(
            ["household_id"],
            ["households.id"],
            name="fk_facilitator_graduations_household_id_households",
        ),
        sa.PrimaryKeyConstraint("household_id", "graduated_on", name="pk_facilitator_graduations"),
    )
    op.create_index(
        "ix_facilitator_graduations_graduated_on_facilitator_id",
        "facilitator_graduations",
        ["graduated_on", "facilitator_id"],
    )
    op.execute(
        """
        WITH told AS (
            SELECT household_id, version, status, effective_on, facilitator_id,
                   lag(status) OVER life AS before,
                   min(effective_on) FILTER (WHERE status = 'returned') OVER (
                       PARTITION BY household_id ORDER BY version
                       ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
                   ) AS reversed_on
            FROM household_versions
            WINDOW life AS (PARTITION BY household_id ORDER BY version)
        )
        INSERT INTO facilitator_graduations
            (household_id, graduated_on, facilitator_id, reversed_on)
        SELECT household_id, effective_on, facilitator_id, reversed_on
        FROM told WHERE status = 'graduated' AND before IS DISTINCT FROM 'graduated'
        ON CONFLICT DO NOTHING
        """
    )


def _proposals() -> None:
    op.create_table(
        "caseload_proposals",
        *_aggregate(),
        sa.Column("within", CODE, nullable=False),
        sa.Column("on_day", sa.Date, nullable=False),
        sa.Column(
            "state",
            sa.String(32),
            nullable=False,
        ),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("decided_by", sa.String(200)),
        sa.Column("families", sa.Integer, nullable=False),
        sa.Column("caseloads", JSONB, nullable=False),
        sa.ForeignKeyConstraint(
            ["within"], ["regions.code"], name="fk_caseload_proposals_within_regions"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_caseload_proposals"),
    )
    op.create_table(
        "caseload_proposal_moves",
        sa.Column("proposal_id", sa.Uuid, nullable=False),
        sa.Column("household_id", sa.Uuid, nullable=False),
        sa.Column("from_facilitator_id", sa.Uuid, nullable=False),
        sa.Column("to_facilitator_id", sa.Uuid, nullable=False),
        sa.Column(
            "reason",
            sa.String(32),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["from_facilitator_id"],
            ["facilitators.id"],
            name="fk_caseload_proposal_moves_from_facilitator_id_facilitators",
        ),
        sa.ForeignKeyConstraint(
            ["household_id"],
            ["households.id"],
            name="fk_caseload_proposal_moves_household_id_households",
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["caseload_proposals.id"],
            name="fk_caseload_proposal_moves_proposal_id_caseload_proposals",
        ),
        sa.ForeignKeyConstraint(
            ["to_facilitator_id"],
            ["facilitators.id"],
            name="fk_caseload_proposal_moves_to_facilitator_id_facilitators",
        ),
        sa.PrimaryKeyConstraint("proposal_id", "household_id", name="pk_caseload_proposal_moves"),
    )
