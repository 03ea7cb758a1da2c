"""Alembic's entry: the empowerment service's tables."""

from kernel.migrations import run_environment
from services.empowerment.db import Table

run_environment(Table.metadata)
