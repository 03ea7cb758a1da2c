"""What every test may ask for: a real PostgreSQL, and a real Apache Kafka where Java is at hand."""

import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog

from cli.failures import CannotGoOn
from cli.postgres import EmbeddedPostgres
from kernel.testing.clock import FrozenClock
from kernel.testing.tokens import TokenMaker
from tests.world import World, migrated_databases


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """Give a PostgreSQL 18 of this test run: `create_database(name)` returns its URL."""
    server = EmbeddedPostgres(Path(tempfile.mkdtemp(prefix="anyam-test-")), durable=False)
    server.start()
    try:
        yield server
    finally:
        server.remove()


@pytest.fixture(scope="session")
def kafka_bootstrap() -> Iterator[str]:
    """Give "127.0.0.1:port" of one Apache Kafka node; left out without Java, but never in CI."""
    from cli.kafka import EmbeddedKafka  # noqa: PLC0415 - only these tests pay for it

    with tempfile.TemporaryDirectory(prefix="anyam-kafka-") as folder:
        broker = EmbeddedKafka(Path(folder))
        try:
            broker.start()
        except CannotGoOn as missing:
            if os.environ.get("CI") == "true":
                raise
            pytest.skip(f"left out: the tests on real Kafka. {missing}")
        try:
            yield broker.bootstrap
        finally:
            broker.stop()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer `--schema=metadata`: tables from the models, while a migration is being written."""
    parser.addoption("--schema", choices=["migrations", "metadata"], default="migrations")


@pytest.fixture(scope="session")
def databases(postgres: EmbeddedPostgres, pytestconfig: pytest.Config) -> dict[str, str]:
    """Give a URL a service, of a database with its tables."""
    return migrated_databases(postgres, schema=pytestconfig.getoption("schema"))


@pytest.fixture(scope="session")
async def platform(databases: dict[str, str]) -> AsyncIterator[World]:
    """Give the four services, made once."""
    made = World(databases, TokenMaker())
    yield made
    await made.close()


@pytest.fixture
async def world(platform: World) -> AsyncIterator[World]:
    """Give the four services with empty databases."""
    yield platform
    await platform.clean()


@pytest.fixture(autouse=True)
def _fresh_logs() -> Iterator[None]:
    """Forget how a test, or the app it made, set up the logs."""
    yield
    structlog.reset_defaults()


@pytest.fixture
def frozen() -> Iterator[FrozenClock]:
    """Give a clock that moves only when told to."""
    with FrozenClock() as clock:
        yield clock
