"""Migrations are the truth: the tables they make are the tables that the models expect."""

import importlib

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from kernel.db import Database
from tests.world import SERVICES


def differences(connection: sa.Connection, metadata: sa.MetaData) -> list[str]:
    """Return what autogenerate would change."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return [str(change) for change in compare_metadata(context, metadata)]


@pytest.mark.parametrize("service", SERVICES)
async def test_migrations_make_what_the_models_expect(
    service: str, databases: dict[str, str]
) -> None:
    metadata = importlib.import_module(f"services.{service}.app").SERVICE.tables.metadata
    database = Database(databases[service], service=service)

    async with database.engine.connect() as connection:
        found = await connection.run_sync(differences, metadata)
    await database.dispose()

    assert found == []
