"""A worker that is killed loses nothing: the next one goes on, and each family comes once."""

import asyncio
import json
import os
import sys
import time
from pathlib import Path

import sqlalchemy as sa

from contracts.registry import HouseholdRegistered
from tests.people import KEMENSOS_CHECKER
from tests.registry.imports.files import checked, families, work
from tests.waiting import until
from tests.world import SECRETS, World

ROWS = 3000
DEADLINE_SECONDS = 60.0
APPLIED = sa.text("SELECT count(*) FROM households")
FAMILIES = sa.text("SELECT count(*), count(DISTINCT reference), max(version) FROM households")


async def test_a_killed_workers_file_is_finished_by_the_next(world: World) -> None:
    job = await checked(world, families(*range(1, ROWS + 1)))
    path = f"/v1/household-imports/{job['id']}"
    await world.registry.do(f"{path}/approve", as_=KEMENSOS_CHECKER)

    worker = await started_worker(world)
    await some_chunks_are_applied(world)
    worker.kill()
    await worker.wait()
    halfway = await world.registry.read(path)
    await work(world)

    after = await world.registry.read(path)
    assert halfway["state"] == "applying"
    assert 0 < halfway["done"] < ROWS
    assert (after["state"], after["done"], after["counts"]["new"]) == ("applied", ROWS, ROWS)
    assert await one(world, FAMILIES) == (ROWS, ROWS, 1)
    events = await world.published(HouseholdRegistered)
    assert len(events) == len({event.household_id for event in events}) == ROWS


async def test_a_killed_workers_processes_end_with_it(world: World) -> None:
    job = await checked(world, families(*range(1, ROWS + 1)))
    await world.registry.do(f"/v1/household-imports/{job['id']}/approve", as_=KEMENSOS_CHECKER)
    worker = await started_worker(world)
    await some_chunks_are_applied(world)
    helpers = children_of(worker.pid)

    worker.kill()
    await worker.wait()

    async def all_ended() -> bool:
        return not any(runs(pid) for pid in helpers)

    await until(all_ended, seconds=DEADLINE_SECONDS)
    assert helpers


def children_of(pid: int) -> list[int]:
    """Return the processes that a process started and that still run."""
    return [
        int(found.parent.name)
        for found in Path("/proc").glob("[0-9]*/stat")
        if parent_of(found) == pid
    ]


def parent_of(stat: Path) -> int | None:
    """Return who started a process, None when it is gone or only waits to be forgotten."""
    try:
        state, parent, *_ = stat.read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if state == "Z" else int(parent)


def runs(pid: int) -> bool:
    """Tell whether a process runs."""
    return parent_of(Path(f"/proc/{pid}/stat")) is not None


async def started_worker(world: World) -> asyncio.subprocess.Process:
    url = world.registry.database.url
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "INTERNAL_JWKS": '{"keys": []}',
        "SIGNING_KEY": str(SECRETS["signing_key"]),
        "ENCRYPTION_KEYS": json.dumps(SECRETS["encryption_keys"]),
        "BLIND_INDEX_KEY": str(SECRETS["blind_index_key"]),
        "SUBJECT_TOKEN_KEY": str(SECRETS["subject_token_key"]),
        "LEDGER_SIGNING_KEY": str(SECRETS["ledger_signing_key"]),
        "DCI_SIGNING_KEY": str(SECRETS["dci_signing_key"]),
    }
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.registry.imports.worker", env=environment
    )


async def some_chunks_are_applied(world: World) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not (await one(world, APPLIED))[0]:
        assert time.monotonic() < deadline, "the worker applied nothing"


async def one(world: World, query: sa.TextClause) -> tuple[int, ...]:
    async with world.registry.database.transaction() as uow:
        return tuple((await uow.execute(query)).one())
