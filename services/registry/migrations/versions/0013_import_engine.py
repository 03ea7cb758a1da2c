"""Imports under a named match policy; the dry run remembers what a row would change, of what."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0013"
down_revision = "0012"

SAME = "uq_household_imports_same"


def upgrade() -> None:
    """Add the policy to the imports, and what is approved to their rows."""
    _policy()
    op.add_column("import_rows", sa.Column("household_id", sa.Uuid))
    op.add_column("import_rows", sa.Column("household_version", sa.Integer))
    differences = sa.Column("differences", JSONB, nullable=False, server_default="[]")
    op.add_column("import_rows", differences)


def _policy() -> None:
    for name, default in (("match_policy", "reference"), ("on_conflict", "update")):
        column = sa.Column(name, sa.String(32), nullable=False, server_default=default)
        op.add_column("household_imports", column)
    version = sa.Column("policy_version", sa.Integer, nullable=False, server_default="1")
    op.add_column("household_imports", version)
    op.drop_index(SAME, "household_imports")
    op.create_index(
        SAME,
        "household_imports",
        ["organisation", "sha256", "regions", "match_policy", "on_conflict"],
        unique=True,
        postgresql_where=sa.text("state <> 'failed'"),
    )
