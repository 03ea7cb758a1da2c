"""Regions, with the codes and names of the programme's five kabupaten."""

import csv
from pathlib import Path

import sqlalchemy as sa
from alembic import op

from services.registry.regions import models
from services.registry.regions.models import level_of, parent_of, search_name_of

revision = "0002"
down_revision = "0001"

FACTS = Path(models.__file__).with_name("regions.csv")


def upgrade() -> None:
    """Create the table and write the facts in it; codes sort parents before children."""
    regions = op.create_table(
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
    op.bulk_insert(regions, [_row(**fact) for fact in _facts()])


def _facts() -> list[dict[str, str]]:
    with FACTS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _row(*, code: str, name: str) -> dict[str, str | None]:
    return {
        "code": code,
        "name": name,
        "search_name": search_name_of(name),
        "level": level_of(code).value,
        "parent_code": parent_of(code),
    }
