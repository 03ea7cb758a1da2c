"""Workbooks : their sheet, hints beside errors, and rejected rows to send back."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add what a workbook needs, and the place of rejected rows."""
    op.add_column("household_imports", sa.Column("sheet", sa.String(31)))
    op.add_column("import_errors", sa.Column("hint", sa.String(300)))
    op.create_index("ix_import_errors_import_id_row", "import_errors", ["import_id", "row"])
    op.create_table(
        "import_rejected_lines",
        sa.Column("import_id", sa.Uuid, nullable=False),
        sa.Column("first_row", sa.Integer, nullable=False),
        sa.Column("phase", sa.String(32), nullable=False),
        sa.Column("lines", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("import_id", "first_row", "phase", name="pk_import_rejected_lines"),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["household_imports.id"],
            name="fk_import_rejected_lines_import_id_household_imports",
        ),
    )
