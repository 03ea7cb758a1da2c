"""Alembic's entry: the financing service's tables."""

from kernel.migrations import run_environment
from services.financing.db import Table

run_environment(Table.metadata)
