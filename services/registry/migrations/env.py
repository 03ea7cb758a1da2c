"""Alembic's entry: the registry service's tables."""

from kernel.migrations import run_environment
from services.registry.db import Table

run_environment(Table.metadata)
