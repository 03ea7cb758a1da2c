"""Which file is the same import: an officer's area counts, and one that failed may come again."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Let a colleague with another area upload the same file, and anybody one that failed."""
    op.create_index(
        "uq_household_imports_same",
        "household_imports",
        ["organisation", "sha256", "regions"],
        unique=True,
        postgresql_where=sa.text("state <> 'failed'"),
    )
    op.drop_constraint("uq_household_imports_organisation_sha256", "household_imports")
