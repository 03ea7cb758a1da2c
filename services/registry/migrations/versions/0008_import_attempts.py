"""A file that a fault of ours stops: how often it was tried, and at which rows it stopped."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add what to remember of a chunk that fails."""
    attempts = sa.Column("attempts", sa.Integer, nullable=False, server_default="0")
    op.add_column("household_imports", attempts)
    for name in ("stuck_first_row", "stuck_last_row"):
        op.add_column("household_imports", sa.Column(name, sa.Integer))
