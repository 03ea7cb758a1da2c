"""A projection's tables once more, in a schema of their own, and how they become the live ones."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import asyncpg
import sqlalchemy as sa
from sqlmodel import SQLModel

from kernel.db import Aggregate, Database

BUSY_SECONDS = 3_600.0  # a large table is not compared in a moment
# What an aggregate's row tells of our writing, and not of the world.
BOOKKEEPING = Aggregate.model_fields.keys() - {"id"}
COUNT_THE_CHANGE = ("version = live.version + 1", "changed_at = made.changed_at")


@dataclass(frozen=True)
class Difference:
    """How many rows of a live table were missing, wrong, or should not have been there."""

    added: int
    mended: int
    removed: int


class Shadow:
    """Reactions write these tables without knowing it: the search path leads there."""

    def __init__(self, models: Sequence[type[SQLModel]], *, consumer: str) -> None:
        self.schema = "rebuild_" + re.sub(r"\W", "_", consumer)
        self._metadata = models[0].metadata
        self._models = {str(model.__tablename__): model for model in models}
        self._tables = [t for t in self._metadata.sorted_tables if t.name in self._models]

    @property
    def opening(self) -> sa.TextClause:
        """Return what leads a transaction to these tables, and fails where one is gone.

        Without the latter a reaction would find the live table of the same name.
        """
        there = (f"EXISTS (SELECT FROM {self._made(table)})" for table in self._tables)
        path = f"""set_config('search_path', '"{self.schema}", public', true)"""
        return sa.text(f"SELECT {path}, {', '.join(there)}")

    async def drop(self, connection: asyncpg.Connection) -> None:
        """Leave nothing behind."""
        await connection.execute(f'DROP SCHEMA IF EXISTS "{self.schema}" CASCADE')

    async def make(self, database: Database) -> None:
        """Make the tables, empty, as the models say; and a live one that was dropped."""
        create_all = self._metadata.create_all
        async with database.engine.begin() as connection:
            await connection.run_sync(create_all, tables=self._tables)
            await connection.execute(sa.text(f'CREATE SCHEMA "{self.schema}"'))
            await connection.execute(sa.text(f'SET LOCAL search_path TO "{self.schema}"'))
            await connection.run_sync(create_all, tables=self._tables, checkfirst=False)

    async def analyze(self, connection: asyncpg.Connection) -> None:
        """Let the planner know how large the tables became."""
        tables = ", ".join(self._made(table) for table in self._tables)
        await connection.execute(f"ANALYZE {tables}", timeout=BUSY_SECONDS)

    async def merge(self, connection: asyncpg.Connection) -> dict[str, Difference]:
        """Make the live tables equal, row by row, and return what differed.

        Rows that are right stay as they are. A row that others refer to is removed after them and
        written before them.
        """
        removed, written = dict[str, int](), dict[str, dict[str, int]]()
        for table in reversed(self._tables):
            count = await connection.fetchval(self._remove(table), timeout=BUSY_SECONDS)
            removed[table.name] = int(count)
        for table in self._tables:
            rows = await connection.fetch(self._write(table), timeout=BUSY_SECONDS)
            written[table.name] = dict(rows)
        return {
            name: Difference(counts.get("INSERT", 0), counts.get("UPDATE", 0), removed[name])
            for name, counts in written.items()
        }

    def _remove(self, table: sa.Table) -> str:
        return (
            f"WITH gone AS (DELETE FROM {_live(table)} AS live WHERE NOT EXISTS"  # noqa: S608 - our own names
            f" (SELECT FROM {self._made(table)} AS made WHERE {_same_row(table)}) RETURNING 1)"
            " SELECT count(*) FROM gone"
        )

    def _write(self, table: sa.Table) -> str:
        columns = _quoted(column.name for column in table.columns)
        made = ", ".join(f"made.{column}" for column in columns)
        return (
            f"WITH written AS (MERGE INTO {_live(table)} AS live USING {self._made(table)} AS made"  # noqa: S608 - our own names
            f" ON {_same_row(table)} {self._mend(table)}"
            f" WHEN NOT MATCHED THEN INSERT ({', '.join(columns)}) VALUES ({made})"
            " RETURNING merge_action() AS what) SELECT what, count(*) FROM written GROUP BY what"
        )

    def _mend(self, table: sa.Table) -> str:
        counted = issubclass(self._models[table.name], Aggregate)
        skipped = BOOKKEEPING if counted else ()
        facts = _quoted(
            c.name for c in table.columns if not c.primary_key and c.name not in skipped
        )
        if not facts:
            return ""
        told = [f"{fact} = made.{fact}" for fact in facts]
        live, made = (", ".join(f"{row}.{fact}" for fact in facts) for row in ("live", "made"))
        return (
            f"WHEN MATCHED AND ({live}) IS DISTINCT FROM ({made})"
            f" THEN UPDATE SET {', '.join([*told, *(COUNT_THE_CHANGE if counted else ())])}"
        )

    def _made(self, table: sa.Table) -> str:
        return f'"{self.schema}"."{table.name}"'


def _live(table: sa.Table) -> str:
    return f'public."{table.name}"'


def _same_row(table: sa.Table) -> str:
    keys = _quoted(column.name for column in table.primary_key)
    return " AND ".join(f"live.{key} = made.{key}" for key in keys)


def _quoted(names: Iterable[str]) -> list[str]:
    return [f'"{name}"' for name in names]
