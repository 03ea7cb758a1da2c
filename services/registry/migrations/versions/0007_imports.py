"""Files of families: their progress, their sealed lines, their errors."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the tables: one import a file and organisation."""
    _imports()
    _chunks()
    _rows()
    _errors()


def _imports() -> None:
    op.create_table(
        "household_imports",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filename", sa.String(200), nullable=False),
        sa.Column("sha256", sa.LargeBinary, nullable=False),
        sa.Column("columns", JSONB, nullable=False),
        sa.Column("delimiter", sa.String(1), nullable=False),
        sa.Column("uploaded_by", sa.String(200), nullable=False),
        sa.Column("organisation", sa.String(100), nullable=False),
        sa.Column("regions", JSONB, nullable=False),
        sa.Column("decided_by", sa.String(200)),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("phase", sa.String(32), nullable=False),
        sa.Column("phase_started_at", sa.DateTime(timezone=True)),
        *(
            sa.Column(name, sa.Integer, nullable=False)
            for name in (
                "chunks",
                "next_chunk",
                "total",
                "done",
                "new",
                "unchanged",
                "changed",
                "errors",
            )
        ),
        sa.PrimaryKeyConstraint("id", name="pk_household_imports"),
        sa.UniqueConstraint(
            "organisation", "sha256", name="uq_household_imports_organisation_sha256"
        ),
        sa.CheckConstraint(
            "done <= total AND next_chunk <= chunks", name="ck_household_imports_progress"
        ),
    )
    op.create_index("ix_household_imports_state", "household_imports", ["state"])


def _chunks() -> None:
    op.create_table(
        "import_chunks",
        sa.Column("import_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("first_row", sa.Integer, nullable=False),
        sa.Column("lines", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("import_id", "number", name="pk_import_chunks"),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["household_imports.id"],
            name="fk_import_chunks_import_id_household_imports",
            deferrable=True,
            initially="DEFERRED",
        ),
    )


def _rows() -> None:
    op.create_table(
        "import_rows",
        sa.Column("import_id", sa.Uuid, nullable=False),
        sa.Column("row", sa.Integer, nullable=False),
        sa.Column("reference", sa.String(64)),
        sa.Column("kk_index", sa.LargeBinary),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("import_id", "row", name="pk_import_rows"),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["household_imports.id"],
            name="fk_import_rows_import_id_household_imports",
        ),
    )
    for column in ("reference", "kk_index"):
        op.create_index(f"ix_import_rows_import_id_{column}", "import_rows", ["import_id", column])


def _errors() -> None:
    op.create_table(
        "import_errors",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("import_id", sa.Uuid, nullable=False),
        sa.Column("row", sa.Integer, nullable=False),
        sa.Column("column", sa.String(40), nullable=False),
        sa.Column("code", sa.String(60), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_import_errors"),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["household_imports.id"],
            name="fk_import_errors_import_id_household_imports",
        ),
    )
    op.create_index("ix_import_errors_import_id", "import_errors", ["import_id"])
