"""The whole country's regions, with the days from and until which a code is valid."""

import sqlalchemy as sa
from alembic import op

from services.registry.regions import facts

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the columns, sort codes by byte, and load every region.

    The foreign key to the region around goes: checking it took half of the load, and the table
    that is loaded was checked when it was made.
    """
    op.drop_constraint("fk_regions_parent_code_regions", "regions")
    for column in ("code", "parent_code"):
        op.alter_column("regions", column, type_=sa.String(13, collation="C"))
    op.add_column("regions", sa.Column("valid_from", sa.Date(), nullable=True))
    op.add_column("regions", sa.Column("valid_until", sa.Date(), nullable=True))
    op.add_column("regions", sa.Column("bps_code", sa.String(10), nullable=True))
    op.create_unique_constraint("uq_regions_bps_code", "regions", ["bps_code"])
    op.create_check_constraint("validity", "regions", "valid_until > valid_from")
    facts.load(op.get_bind())
