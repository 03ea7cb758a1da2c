"""A post office on a real database, and the logs it can stand on."""

from collections.abc import AsyncIterator, Iterator

import pytest
import sqlalchemy as sa

from cli.postgres import EmbeddedPostgres
from kernel.db import Database
from kernel.testing.clock import FrozenClock
from kernel.transport.memory import MemoryTransport
from tests.kernel.messaging.desk import Desk
from tests.kernel.messaging.post import TABLES, Post


@pytest.fixture(scope="session")
async def post_database(postgres: EmbeddedPostgres) -> AsyncIterator[Database]:
    """Give the post office's database, made once."""
    database = Database(postgres.create_database("post"), service="post", pool_size=20)
    async with database.engine.begin() as connection:
        await connection.run_sync(TABLES.create_all)
    yield database
    await database.dispose()


@pytest.fixture
async def clean_database(post_database: Database) -> Database:
    """Give it without a row."""
    names = ", ".join(TABLES.tables)
    async with post_database.engine.begin() as connection:
        await connection.execute(sa.text(f"TRUNCATE {names}"))
    return post_database


@pytest.fixture
async def post(clean_database: Database) -> AsyncIterator[Post]:
    """Give the post office on a log in memory."""
    office = Post(clean_database, MemoryTransport())
    yield office
    await office.close()


@pytest.fixture
async def desk(post: Post) -> AsyncIterator[Desk]:
    """Give the operator's desk of this post office."""
    operators = Desk(post)
    yield operators
    await operators.close()


@pytest.fixture
def clock() -> Iterator[FrozenClock]:
    """Give a clock that stands still."""
    with FrozenClock() as frozen:
        yield frozen
