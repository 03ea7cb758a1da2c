"""Regions by their Kemendagri codes; the codes and names themselves come with 0011."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "regions",
        sa.Column("code", sa.String(13), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("search_name", sa.String(100), nullable=False),
        sa.Column("level", sa.String(32), nullable=False),
        sa.Column("parent_code", sa.String(13), nullable=True),
        sa.PrimaryKeyConstraint("code", name="pk_regions"),
        sa.ForeignKeyConstraint(
            ["parent_code"], ["regions.code"], name="fk_regions_parent_code_regions"
        ),
        sa.CheckConstraint(r"code ~ '^[0-9]{2}(\.[0-9]+)*$'", name="ck_regions_code"),
    )
    op.create_index("ix_regions_search_name", "regions", ["search_name"])
    op.create_index("ix_regions_parent_code", "regions", ["parent_code"])
