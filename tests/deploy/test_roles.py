"""The databases of a deployment are closed to each other's services, on a real PostgreSQL."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import asyncpg
import pytest

from cli import cluster, ports
from cli.postgres import EmbeddedPostgres
from deploy.checks.code import Code
from tests.deploy.conftest import ROOT

SERVICES = Code(ROOT).services
DATABASES = [*SERVICES, "postgres", "template1"]
FOREIGN = [pair for pair in product(SERVICES, DATABASES) if pair[0] != pair[1]]


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedPostgres]:
    """Give an empty server on which roles.sql was run, as the image of PostgreSQL runs it."""
    server = EmbeddedPostgres(Path(tempfile.mkdtemp(prefix="anyam-roles-")), durable=False)
    server.start()
    try:
        run_roles(server)
        yield server
    finally:
        server.remove()


def run_roles(server: EmbeddedPostgres) -> None:
    """Run roles.sql with a password for each service in the environment."""
    given = {f"{name.upper()}_PASSWORD": server.passwords.of(name) for name in SERVICES}
    superuser = {"PGPASSWORD": server.passwords.of(cluster.SUPERUSER)}
    address = ["-h", ports.HOST, "-p", str(server.port), "-U", cluster.SUPERUSER, "postgres"]
    script = ROOT / "deploy/k8s/data/roles.sql"
    subprocess.run(
        [server.binaries / "psql", "-Xq", "-v", "ON_ERROR_STOP=1", *address, "-f", script],
        env=os.environ | given | superuser,
        check=True,
    )


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_may_make_tables_in_its_own_database(
    server: EmbeddedPostgres, service: str
) -> None:
    connection = await asyncpg.connect(server.url(service, service))

    await connection.execute("CREATE TABLE proof (id int); DROP TABLE proof")

    await connection.close()


@pytest.mark.parametrize(("service", "database"), FOREIGN)
async def test_no_service_reaches_another_database(
    server: EmbeddedPostgres, service: str, database: str
) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asyncpg.connect(server.url(database, service))
