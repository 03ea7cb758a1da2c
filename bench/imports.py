"""T1, T2: a file of families applied, against `psql \\copy` of the very rows that it left.

Measured is the real run of an approved file, from its sealed lines to the last commit: opened,
read, validated, sealed, indexed, matched with what is registered, written. The dry run and the
second person come before. Then the rows are copied out, the tables emptied, and PostgreSQL's own
client copies the same rows, ready as they are, into the same tables with the same indexes.
"""

import asyncio
import base64
import os
import subprocess
import time
from collections.abc import AsyncIterator, Sequence
from functools import partial
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import select

from bench.ground import Ground
from bench.target import Round, Target
from cli.cluster import SUPERUSER
from kernel import migrations
from kernel.db import Database
from services.registry.db import Table
from services.registry.imports import jobs
from services.registry.imports.actions import Shelf
from services.registry.imports.lifecycle import State
from services.registry.imports.models import HouseholdImport
from services.registry.population import file
from services.registry.population.families import Country
from services.registry.settings import Settings
from services.registry.vault import Vault

FAMILIES = int(os.environ.get("FAMILIES", "40_000"))  # 400,000 for the record
FILLED = tuple(
    Table.metadata.tables[name]
    for name in ("households", "household_members", "household_versions", "decile_records")
)
EMPTIED = (
    "TRUNCATE households, household_members, household_versions, decile_records, import_rows,"
    " import_errors, import_chunks, household_imports, event_stream, outbox CASCADE"
)
WITHOUT_EVENTS = (
    "CREATE RULE untold AS ON INSERT TO outbox DO INSTEAD NOTHING",
    "CREATE RULE untold AS ON INSERT TO event_stream DO INSTEAD NOTHING",
)
DESA = "SELECT code FROM regions WHERE level = 'desa' AND valid_until IS NULL ORDER BY code"
EVENTS = "SELECT count(*) FROM outbox"
COUNT = "SELECT count(*), sum(member_count) FROM households"

UNTOLD, ONE_EVENT, TWO_EVENTS = (
    f"{each}, {FAMILIES:,} families"
    for each in ("a decile each", "one event each", "two events: with a decile")
)
EVENTS_EACH = {UNTOLD: 0, ONE_EVENT: 1, TWO_EVENTS: 2}


async def rounds(ground: Ground, variant: str, count: int) -> AsyncIterator[Round]:
    """Apply a file, and copy the same rows, in turns."""
    url = ground.fresh_database("registry")
    await asyncio.to_thread(migrations.upgrade, "services.registry", url=url)
    settings = Settings(
        database_url=url,
        internal_jwks='{"keys": []}',
        signing_key="of cursors",
        encryption_keys={"bench": key(1)},
        blind_index_key=key(2),
        subject_token_key=key(3),
        ledger_signing_key=key(4),
        dci_signing_key=key(5),
    )
    bench = Bench(ground, Database(url, service="registry", row_security=True), Vault(settings))
    for statement in WITHOUT_EVENTS if variant == UNTOLD else ():
        await bench.run(statement)
    for turn in range(count + 1):
        ours = await bench.applied(ranked=variant != ONE_EVENT, events=EVENTS_EACH[variant])
        copied = await bench.copied()
        if turn:  # the first warms up
            yield Round(ours, copied)
    await bench.database.dispose()


def key(number: int) -> str:
    """Return a key of 32 bytes."""
    return base64.b64encode(bytes([number]) * 32).decode()


class Bench:
    """The registry's database, filled by the worker's code and by psql."""

    def __init__(self, ground: Ground, database: Database, vault: Vault) -> None:
        self.database = database
        self._ground = ground
        self._vault = vault

    async def applied(self, *, ranked: bool, events: int) -> float:
        """Upload, check and approve a file; apply it, and return families a second."""
        await self._begin_anew()
        await self._upload(ranked=ranked)
        await self._worked(State.CHECKED)
        await self._approve()
        seconds = await self._worked(State.APPLIED)
        assert [*await self.run(EVENTS)] == [(FAMILIES * events,)]
        assert [*await self.run(COUNT)] == [(FAMILIES, self._persons)]
        return FAMILIES / seconds

    async def copied(self) -> float:
        """Copy the rows out, then in again; return families a second."""
        for table in FILLED:
            self._psql(f"\\copy (SELECT {columns(table)} FROM {table}) TO '{self._file(table)}'")
        await self._begin_anew()
        begin = time.perf_counter()
        self._psql(
            *(f"\\copy {table} ({columns(table)}) FROM '{self._file(table)}'" for table in FILLED)
        )
        seconds = time.perf_counter() - begin
        assert [*await self.run(COUNT)] == [(FAMILIES, self._persons)]
        return FAMILIES / seconds

    async def run(self, statement: str) -> Sequence[sa.Row[tuple[object, ...]]]:
        """Run one statement, and return its rows."""
        async with self.database.transaction() as uow:
            result = await uow.execute(sa.text(statement))
            return result.all() if result.returns_rows else ()

    async def _begin_anew(self) -> None:
        await self.run(EMPTIED)
        self._psql("CHECKPOINT")

    async def _upload(self, *, ranked: bool) -> None:
        desa = [str(code) for (code,) in await self.run(DESA)]
        job = HouseholdImport(
            filename="bench.csv",
            sha256=bytes(32),
            columns=[*file.COLUMNS],
            delimiter=",",
            uploaded_by="bench",
            organisation="kemensos",
            regions=[],
            chunks=0,
            total=0,
        )
        families = list(Country(desa).families(0, FAMILIES))
        self._persons = sum(len(family.members) for family in families)
        async with self.database.transaction() as uow:
            shelf = Shelf(uow, job.id, vault=self._vault)
            await shelf.fill(file.lines(families, ranked=ranked))
            job.chunks, job.total = shelf.chunks, shelf.rows
            uow.add(job)

    async def _approve(self) -> None:
        async with self.database.transaction() as uow:
            job = (await uow.session.exec(select(HouseholdImport))).one()
            job.approve(by="another person")

    async def _worked(self, state: State) -> float:
        begin = time.perf_counter()
        await jobs.run_pending(self.database, self._vault)
        seconds = time.perf_counter() - begin
        assert [*await self.run("SELECT state, errors FROM household_imports")] == [(state, 0)]
        return seconds

    def _file(self, table: sa.Table) -> Path:
        return self._ground.folder / f"{table.name}.copy"

    def _psql(self, *commands: str) -> None:
        server = self._ground.postgres
        url = server.url("registry", SUPERUSER)  # row security would refuse COPY to others
        options = [part for command in commands for part in ("-c", command)]
        subprocess.run(
            [server.binaries / "psql", "-Xq", "-v", "ON_ERROR_STOP=1", *options, url], check=True
        )


def columns(table: sa.Table) -> str:
    """Return the columns that are written; the database computes the others."""
    return ", ".join(f'"{column.name}"' for column in table.c if column.computed is None)


_target = partial(
    Target,
    yardstick="psql \\copy of the same finished rows into the same tables and indexes",
    unit="families/s",
    rounds=rounds,
)
T1 = _target(
    name="T1",
    what="a file of families applied: opened, validated, sealed, indexed, matched, written",
    floor=0.60,
    aim=0.80,
    variants=(UNTOLD,),
)
T2 = _target(
    name="T2",
    what="the same with its events in the outbox, in the same transactions",
    floor=0.40,
    aim=0.55,
    variants=(ONE_EVENT, TWO_EVENTS),
)
