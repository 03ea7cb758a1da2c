"""Mistakes to plant into a process, so that the harness can show that it finds them."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from uuid import uuid4

import asyncpg

from kernel.cloudevents import message_of
from kernel.outbox import POLL_SECONDS, Relay, wait_for
from kernel.testing.passing import PassingConsumer
from kernel.transport.interface import (
    Consumer,
    Partition,
    Record,
    Revoked,
    Transport,
    positions_after,
)
from tests.world import Json

TIMER_SECONDS = 0.005
COLUMNS = "seq, id, topic, key, type, sequence, occurred_at, traceparent, payload"
WIDTH = COLUMNS.count(",") + 1


class CursorRelay(Relay):
    """A relay that remembers where it was, instead of marking rows."""

    newer: str
    start: tuple[int, ...]

    def __init__(self, url: str, *, service: str, transport: Transport) -> None:
        super().__init__(url, service=service, transport=transport)
        self._given = (url, service, transport)

    async def run(self, stop: asyncio.Event) -> None:
        """Send what lies behind the cursor, until `stop`."""
        url, service, transport = self._given
        connection, producer = await asyncpg.connect(url), await transport.producer()
        last = self.start
        while not stop.is_set():
            rows = await connection.fetch(self.newer, *last)
            if rows:
                last = tuple(rows[-1])[: len(last)]
                await transport.ensure_topics({row["topic"] for row in rows})
                await producer.send([_message(row, service) for row in rows])
            await wait_for(stop, 0 if rows else POLL_SECONDS / 50)
        await producer.close()
        await connection.close()


def _message(row: Json, service: str) -> Json:
    return message_of(tuple(row)[-WIDTH:], service=service)


class PassesBy(CursorRelay):
    """A cursor on seq alone: what commits late was passed by."""

    newer = f"SELECT {COLUMNS} FROM outbox WHERE seq > $1 ORDER BY seq"  # noqa: S608 - our columns
    start = (0,)


class TurnsRound(CursorRelay):
    """A cursor on (transaction id, seq) below the oldest running one: ids precede row locks."""

    newer = (
        f"SELECT * FROM (SELECT xmin::text::bigint AS xid, seq AS at, {COLUMNS} FROM outbox) AS o"  # noqa: S608 - our columns
        " WHERE (xid, at) > ($1, $2)"
        " AND xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint ORDER BY xid, at"
    )
    start = (0, 0)


class CommitsFirst(PassingConsumer):
    """Commits the offsets of what it has fetched before anybody has handled it."""

    async def fetch(self, *, max_records: int, wait: float) -> list[Record]:
        """Fetch and commit at once."""
        records = await super().fetch(max_records=max_records, wait=wait)
        if records:
            with suppress(Revoked):
                await self.commit(positions_after(records))
        return records


class CommitsOnATimer(PassingConsumer):
    """Commits what it has fetched so far every few milliseconds, handled or not."""

    def __init__(self, inner: Consumer) -> None:
        super().__init__(inner)
        self._fetched: dict[Partition, int] = {}
        self._ticking = asyncio.create_task(self._tick())

    async def fetch(self, *, max_records: int, wait: float) -> list[Record]:
        """Fetch, and let the timer know."""
        records = await super().fetch(max_records=max_records, wait=wait)
        self._fetched |= positions_after(records)
        return records

    async def commit(self, positions: Mapping[Partition, int]) -> None:
        """Leave it to the timer."""

    async def close(self) -> None:
        """Stop the timer."""
        self._ticking.cancel()
        await super().close()

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TIMER_SECONDS)
            fetched = {p: at for p, at in self._fetched.items() if p in self.assigned}
            if fetched:
                with suppress(Revoked):
                    await self.inner.commit(fetched)


class Forgets(PassingConsumer):
    """Knows no event again, as a consumer without an inbox: each delivery seems a new one."""

    async def fetch(self, *, max_records: int, wait: float) -> list[Record]:
        """Fetch, and give every record a new id."""
        records = await super().fetch(max_records=max_records, wait=wait)
        return [_renamed(record) for record in records]


def _renamed(record: Record) -> Record:
    kept = tuple(header for header in record.headers if header[0] != "ce_id")
    headers = (*kept, ("ce_id", str(uuid4()).encode()))
    place = (record.partition, record.offset)
    return Record(record.topic, record.key, record.value, headers, *place)


RELAYS: dict[str, type[CursorRelay]] = {"seq cursor": PassesBy, "xid cursor": TurnsRound}
CONSUMERS: dict[str, Callable[[Consumer], Consumer]] = {
    "offset first": CommitsFirst,
    "auto-commit": CommitsOnATimer,
    "no inbox": Forgets,
}
MISTAKES = (*RELAYS, *CONSUMERS)
