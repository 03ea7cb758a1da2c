"""Which event of each key was read last, so that a missing one is noticed."""

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from kernel.db import Database
from kernel.transport.interface import Record

Stream = tuple[str, str]

COLUMNS = (
    sa.bindparam("topics", type_=ARRAY(sa.Text())),
    sa.bindparam("keys", type_=ARRAY(sa.Text())),
    sa.bindparam("numbers", type_=ARRAY(sa.BigInteger())),
)
GIVEN = "unnest(:topics, :keys, :numbers) AS g(topic, key, number)"


class HistoryIncomplete(Exception):
    """Events are gone that a projection needs; the others would make another projection."""


class Ledger:
    """A table, as a country has more keys than a process has memory."""

    def __init__(self, database: Database, *, schema: str) -> None:
        table = f'"{schema}".rebuild_ledger'
        self._database = database
        self._open = sa.text(
            f"CREATE UNLOGGED TABLE {table}"
            " (topic text, key text, number bigint NOT NULL, PRIMARY KEY (topic, key))"
        )
        self._gap = sa.text(
            f"SELECT g.topic, g.number, coalesce(l.number, 0) AS last FROM {GIVEN}"  # noqa: S608 - our own names
            f" LEFT JOIN {table} AS l USING (topic, key)"
            " WHERE g.number > coalesce(l.number, 0) + 1 LIMIT 1"
        ).bindparams(*COLUMNS)
        self._enter = sa.text(
            f"INSERT INTO {table} AS l SELECT * FROM {GIVEN}"  # noqa: S608 - our own names
            " ON CONFLICT (topic, key) DO UPDATE SET number = greatest(l.number, excluded.number)"
        ).bindparams(*COLUMNS)

    async def open(self) -> None:
        """Make the table."""
        async with self._database.transaction() as uow:
            await uow.execute(self._open)

    async def enter(self, records: Iterable[Record]) -> None:
        """Note the events, which stand in order per key; one may be repeated, none left out.

        Raises:
            HistoryIncomplete: one was left out.
        """
        first, last = _ends(records)
        if not first:
            return
        async with self._database.transaction() as uow:
            gap = (await uow.execute(self._gap, _columns(first))).one_or_none()
            if gap:
                raise _left_out(gap.topic, last=gap.last, number=gap.number)
            await uow.execute(self._enter, _columns(last))


def _ends(records: Iterable[Record]) -> tuple[dict[Stream, int], dict[Stream, int]]:
    first, last = dict[Stream, int](), dict[Stream, int]()
    for record in records:
        number = int(dict(record.headers).get("ce_sequence", b"0"))
        if not number:
            continue  # not an event of ours
        stream = (record.topic, record.key)
        before = last.get(stream, number)
        if number > before + 1:
            raise _left_out(record.topic, last=before, number=number)
        first.setdefault(stream, number)
        last[stream] = max(number, before)
    return first, last


def _columns(numbers: Mapping[Stream, int]) -> dict[str, Any]:
    topics, keys = zip(*numbers, strict=True)
    return {"topics": list(topics), "keys": list(keys), "numbers": list(numbers.values())}


def _left_out(topic: str, *, last: int, number: int) -> HistoryIncomplete:
    return HistoryIncomplete(f"{topic}: event {number} of a key follows on {last}")
