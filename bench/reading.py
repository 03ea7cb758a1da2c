"""T8, T11: reading families, against PostgreSQL's own reading, and among many more families.

T8 reads one family over HTTP: its token checked, its row and its members' found under row security,
its numbers decrypted and masked. pgbench reads one account by its key.

T11 reads one family, and lists those of a kabupaten, among millions and among 400,000: how much
the 99th percentile grows.
"""

import asyncio
import os
import random
from collections.abc import AsyncIterator, Sequence

from bench import http_load, pgbench
from bench.ground import Ground
from bench.served import ENVIRONMENT, bearer, served
from bench.target import Round, Target
from cli.cluster import SUPERUSER
from kernel import migrations
from kernel.auth import Actor
from kernel.line import Line
from services.registry.population import loading
from services.registry.settings import Settings
from services.registry.vault import Vault

CLIENTS = 10
SECONDS = 5
READS = 20_000
LISTS = 1_000
SLOW_READS = 3_000
FEW = int(os.environ.get("FEW_FAMILIES", "400_000"))
MANY = int(os.environ.get("MANY_FAMILIES", "2_000_000"))  # 10,000,000 for the record
SOME = 50_000
OK = 200
SEED = 4711

OFFICER = Actor(
    subject="officer",
    client_id="kemensos",
    organisation="kemensos",
    kind="ministry",
    scopes=frozenset({"registry.households:read"}),
    regions=("33", "34"),
)
HEADERS = {"Authorization": bearer(OFFICER, service="registry"), "Accept-Language": "id"}
IDS = (
    "SELECT id::text FROM (SELECT id FROM households WHERE province_code IN ('33', '34')"
    " ORDER BY kk_index LIMIT 20000) seen"
)
KABUPATEN = "SELECT code FROM regions WHERE level = 'kabupaten' AND left(code, 2) IN ('33', '34')"


async def peopled(ground: Ground, name: str, families: int, *, vault: Vault | None = None) -> str:
    """Return the URL of a registry with so many invented families, sealed as the service does."""
    url = ground.fresh_database(name)
    await asyncio.to_thread(migrations.upgrade, "services.registry", url=url)
    admin = ground.postgres.url(name, SUPERUSER)
    keys = vault or Vault(registry_settings(url))
    await asyncio.to_thread(loading.load, admin, keys, households=families, organisation="kemensos")
    line = await Line.open(admin, name="bench")
    await line.rows("VACUUM ANALYZE")
    await line.close()
    return url


def registry_settings(url: str) -> Settings:
    """Return the settings of the service that will read."""
    return Settings(database_url=url, **{k.lower(): v for k, v in ENVIRONMENT.items()})  # type: ignore[arg-type]  # as the environment gives them


async def reads(ground: Ground, url: str) -> list[bytes]:
    """Return requests for single families, in a random order that is always the same."""
    ids = await column(ground, url, IDS)
    order = random.Random(SEED).choices(ids, k=READS)  # noqa: S311 - an order, no secret
    return [http_load.get(f"/v1/households/{id_}", headers=HEADERS) for id_ in order]


async def lists(ground: Ground, url: str) -> list[bytes]:
    """Return requests for the families of kabupaten."""
    codes = await column(ground, url, KABUPATEN)
    order = random.Random(SEED).choices(codes, k=LISTS)  # noqa: S311 - an order, no secret
    return [http_load.get(f"/v1/households?region={code}", headers=HEADERS) for code in order]


async def column(ground: Ground, url: str, query: str) -> list[str]:
    """Return the first column of what PostgreSQL's superuser finds."""
    line = await Line.open(ground.postgres.url(url.rpartition("/")[2], SUPERUSER), name="bench")
    found = await line.rows(query)
    await line.close()
    return [row[0] for row in found]


WEB_PROCESSES = {"one web process": 1, "two web processes": 2}


async def single_reads(ground: Ground, variant: str, count: int) -> AsyncIterator[Round]:
    """Read families over HTTP, and accounts by pgbench, in turns."""
    url = await peopled(ground, "registry", SOME)
    accounts = ground.fresh_database("pgbench")
    pgbench.initialise(ground.postgres, url=accounts)
    requests = await reads(ground, url)
    workers = WEB_PROCESSES[variant]
    with served("registry", url=url, folder=ground.folder, workers=workers) as service:
        for turn in range(count + 1):
            sent = http_load.load(service.port, requests, connections=CLIENTS)
            assert sent.statuses == {OK: READS}, sent.statuses
            bare = pgbench.select_only(
                ground.postgres, url=accounts, clients=CLIENTS, seconds=SECONDS
            )
            if turn:  # the first warms up
                yield Round(READS / sent.seconds, bare)


SIZES = f"{MANY:,} against {FEW:,}"
READ, LIST = f"one family, {SIZES}", f"a kabupaten's list, {SIZES}"


async def among_many(ground: Ground, variant: str, count: int) -> AsyncIterator[Round]:
    """Ask the same among many families and among few, in turns."""
    few = await peopled(ground, "few", FEW)
    many = await peopled(ground, "many", MANY)
    asked = reads if variant == READ else lists
    of_few = (await asked(ground, few))[:SLOW_READS]
    of_many = (await asked(ground, many))[:SLOW_READS]
    with (
        served("registry", url=few, folder=ground.folder) as small,
        served("registry", url=many, folder=ground.folder) as large,
    ):
        for turn in range(count + 1):
            ours = slowest(large.port, of_many)
            yardstick = slowest(small.port, of_few)
            if turn:  # the first warms up
                yield Round(ours, yardstick)


def slowest(port: int, requests: Sequence[bytes]) -> float:
    """Return the 99th percentile of the answers, in milliseconds."""
    sent = http_load.load(port, requests, connections=2)
    assert sent.statuses == {OK: len(requests)}, sent.statuses
    return sent.percentile(99) * 1000


READING = Target(
    name="T8",
    what="one family read: identity, row security, decrypted, masked, over HTTP",
    yardstick="pgbench -S, prepared",
    unit="reads/s",
    floor=0.08,
    aim=0.20,
    variants=tuple(WEB_PROCESSES),
    rounds=single_reads,
)
GROWTH = Target(
    name="T11",
    what="99th percentile of readings among many families",
    yardstick="the same among fewer",
    unit="ms",
    floor=1.5,
    aim=1.5,
    variants=(READ, LIST),
    rounds=among_many,
    at_most=True,
)
