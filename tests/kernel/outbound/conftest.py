"""A small house on a real database that sends parcels to a server which may misbehave."""

from collections.abc import AsyncIterator

import pytest
import sqlalchemy as sa

from cli.postgres import EmbeddedPostgres
from kernel.db import Database
from tests.kernel.outbound.house import TABLES
from tests.receiver import Receiver


@pytest.fixture(scope="session")
async def house_database(postgres: EmbeddedPostgres) -> AsyncIterator[Database]:
    """Give the house's database, made once."""
    database = Database(postgres.create_database("house"), service="house")
    async with database.engine.begin() as connection:
        await connection.run_sync(TABLES.create_all)
    yield database
    await database.dispose()


@pytest.fixture
async def database(house_database: Database) -> Database:
    """Give it without a row."""
    names = ", ".join(TABLES.tables)
    async with house_database.engine.begin() as connection:
        await connection.execute(sa.text(f"TRUNCATE {names}"))
    return house_database


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """Give somebody's server."""
    async with Receiver() as server:
        yield server
