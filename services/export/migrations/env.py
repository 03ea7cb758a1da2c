"""Alembic's entry: the export service's tables."""

from kernel.migrations import run_environment
from services.export.db import Table

run_environment(Table.metadata)
