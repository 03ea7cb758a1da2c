"""A depot with a past, on every log."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from cli.postgres import EmbeddedPostgres
from kernel.db import Database
from kernel.transport.embedded import EmbeddedTransport
from kernel.transport.interface import Transport
from kernel.transport.kafka import KafkaTransport
from kernel.transport.memory import MemoryTransport
from tests.kernel.rebuild.depot import PARCELS, Depot, Table


@pytest.fixture
async def database(postgres: EmbeddedPostgres) -> AsyncIterator[Database]:
    """Give a depot's database."""
    name = f"depot{uuid4().hex[:8]}"
    made = Database(postgres.create_database(name), service="depot", pool_size=20)
    async with made.engine.begin() as connection:
        await connection.run_sync(Table.metadata.create_all)
    yield made
    await made.dispose()
    postgres.drop_database(name)


@pytest.fixture
async def depot(database: Database) -> AsyncIterator[Depot]:
    """Give a depot with a past, on a log in memory."""
    made = Depot(database, MemoryTransport())
    await made.history(PARCELS, moves=range(1, 5))
    await made.settle()
    yield made
    await made.close()


@pytest.fixture(
    params=[
        pytest.param("embedded", id="embedded"),
        pytest.param("kafka", id="kafka", marks=pytest.mark.kafka),
    ]
)
async def lasting(request: pytest.FixtureRequest, database: Database) -> AsyncIterator[Depot]:
    """Give a depot with a past, on a log that outlives processes."""
    transport: Transport
    if request.param == "kafka":
        transport = KafkaTransport(request.getfixturevalue("kafka_bootstrap"))
    else:
        transport = EmbeddedTransport(database.url)
    made = Depot(database, transport)
    await made.history(PARCELS, moves=range(1, 5))
    await made.settle()
    yield made
    await made.close()
    await transport.close()
