"""A member of a group that reads the embedded log."""

import asyncio
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

from kernel.line import Line
from kernel.transport.interface import OnRevoke, Partition, Record, Revoked, share_of, unpack

POLL_SECONDS = 0.25  # the poll is the truth; NOTIFY only makes it faster
MEMBERS_SECONDS = 1.0  # how soon a member that died without a word is missed

JOIN = """
WITH dead AS (
    DELETE FROM log_member m WHERE NOT EXISTS (SELECT FROM log_living l WHERE l.member = m.member)
)
INSERT INTO log_member (consumer_group, topics) VALUES ($1, $2) RETURNING member
"""
BE_ALIVE = "SELECT pg_advisory_lock(7106407, $1)"
LEAVE = "DELETE FROM log_member WHERE member = $1"
MEMBERS = "SELECT member, topics FROM log_living WHERE consumer_group = $1"
TELL_GROUP = "SELECT pg_notify('log_group', $1)"
PARTITIONS = "SELECT topic, partition FROM log_partition WHERE topic = ANY($1)"
TAKE = """
SELECT topic, partition, pg_try_advisory_lock(key) AS taken
FROM unnest($1::text[], $2::int[], $3::bigint[]) AS w(topic, partition, key)
"""
GIVE_BACK = "SELECT pg_advisory_unlock(key) FROM unnest($1::bigint[]) AS w(key)"
COMMITTED = """
SELECT topic, partition, next_offset FROM log_offset
WHERE consumer_group = $1 AND topic = ANY($2)
"""
READ = """
SELECT r.topic, r.key, r.value, r.headers, r.partition, r."offset"
FROM unnest($1::text[], $2::int[], $3::bigint[])
     WITH ORDINALITY AS w(topic, partition, position, turn)
JOIN log_partition p
  ON p.topic = w.topic AND p.partition = w.partition AND p.next_offset > w.position
CROSS JOIN LATERAL (
    SELECT * FROM log_record r
    WHERE r.topic = w.topic AND r.partition = w.partition AND r."offset" >= w.position
    ORDER BY r."offset" LIMIT $4
) r
ORDER BY w.turn, r."offset" LIMIT $4
"""
COMMIT = """
INSERT INTO log_offset (consumer_group, topic, partition, next_offset)
SELECT $1, * FROM unnest($2::text[], $3::int[], $4::bigint[])
ON CONFLICT (consumer_group, topic, partition) DO UPDATE SET next_offset = excluded.next_offset
"""
OLDEST = """
SELECT p.topic, p.partition, coalesce(
    (SELECT min("offset") FROM log_record r WHERE r.topic = p.topic AND r.partition = p.partition),
    p.next_offset
) FROM log_partition p WHERE p.topic = ANY($1)
"""
LAG = """
SELECT p.topic, p.partition, p.next_offset - coalesce(
    o.next_offset,
    (SELECT min("offset") FROM log_record r WHERE r.topic = p.topic AND r.partition = p.partition),
    p.next_offset
)
FROM log_partition p LEFT JOIN log_offset o
  ON o.consumer_group = $1 AND o.topic = p.topic AND o.partition = p.partition
WHERE p.topic = ANY($2)
"""


class EmbeddedConsumer:
    """Reads the partitions that it holds an advisory lock on, all on one connection.

    When that breaks, the locks are gone and every call raises: join again.
    """

    def __init__(self, group: str, topics: Sequence[str], *, on_revoke: OnRevoke) -> None:
        self._group = group
        self._topics = list(topics)
        self._on_revoke = on_revoke
        self._positions: dict[Partition, int] = {}
        self._members_due = 0.0
        self._line: Line
        self._member: int

    @classmethod
    async def join(
        cls, url: str, group: str, topics: Sequence[str], *, on_revoke: OnRevoke
    ) -> "EmbeddedConsumer":
        """Become a member of the group."""
        consumer = cls(group, topics, on_revoke=on_revoke)
        hear = {"log": consumer._appended, "log_group": consumer._group_changed}
        # An offset that a crash takes back only lets records be read again.
        consumer._line = line = await Line.open(
            url, name=f"log {group}", listen=hear, durable=False
        )
        async with line.transaction() as connection:
            consumer._member = await connection.fetchval(JOIN, group, consumer._topics)
            await connection.execute(BE_ALIVE, consumer._member)
            await connection.execute(TELL_GROUP, group)
        return consumer

    @property
    def assigned(self) -> frozenset[Partition]:
        """The partitions that this member holds."""
        return frozenset(self._positions)

    async def fetch(self, *, max_records: int, wait: float) -> list[Record]:
        """Return the next records; see the interface."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + wait
        while True:
            self._line.woken.clear()
            if loop.time() >= self._members_due:
                await self._share_out()
            records = await self._read(max_records)
            left = deadline - loop.time()
            if records or left <= 0:
                return records
            await self._line.wait(min(left, POLL_SECONDS))

    async def commit(self, positions: Mapping[Partition, int]) -> None:
        """Remember what to read next; see the interface."""
        if not positions.keys() <= self._positions.keys():
            raise Revoked(self._group)
        await self._line.rows(COMMIT, self._group, *_columns(positions), list(positions.values()))

    async def lag(self) -> dict[Partition, int]:
        """Return the records not committed; see the interface."""
        rows = await self._line.rows(LAG, self._group, self._topics)
        return {Partition(topic, number): lag for topic, number, lag in rows}

    async def oldest(self) -> dict[Partition, int]:
        """Return where the log begins; see the interface."""
        rows = await self._line.rows(OLDEST, self._topics)
        return {Partition(topic, number): offset for topic, number, offset in rows}

    async def close(self) -> None:
        """Leave the group."""
        try:
            async with self._line.transaction() as connection:
                await connection.execute(LEAVE, self._member)
                await connection.execute(TELL_GROUP, self._group)
        finally:
            await self._line.close()

    def _appended(self, topic: str) -> None:
        if topic in self._topics:
            self._line.woken.set()

    def _group_changed(self, group: str) -> None:
        if group == self._group:
            self._members_due = 0.0
            self._line.woken.set()

    async def _share_out(self) -> None:
        """Give back what others shall read, take what is ours and free."""
        self._members_due = asyncio.get_running_loop().time() + MEMBERS_SECONDS
        share = await self._share()
        surplus = self._positions.keys() - share
        if surplus:
            await self._on_revoke()
            await self._give_back(surplus)
        missing = share - self._positions.keys()
        if missing and not await self._take(missing):
            self._members_due = 0.0  # its last reader still finishes: ask again at the next poll

    async def _share(self) -> frozenset[Partition]:
        members = await self._line.rows(MEMBERS, self._group)
        partitions = await self._line.rows(PARTITIONS, self._topics)
        return share_of(
            self._member,
            members={row["member"]: row["topics"] for row in members},
            partitions=[Partition(*row) for row in partitions],
        )

    async def _give_back(self, surplus: set[Partition]) -> None:
        for partition in surplus:
            del self._positions[partition]
        await self._line.rows(GIVE_BACK, [self._lock(p) for p in surplus])
        await self._line.rows(TELL_GROUP, self._group)

    async def _take(self, missing: frozenset[Partition]) -> bool:
        rows = await self._line.rows(TAKE, *_columns(missing), [self._lock(p) for p in missing])
        taken = {Partition(topic, number) for topic, number, got in rows if got}
        # Read only now: the last reader committed before it gave its lock back.
        committed = await self._line.rows(COMMITTED, self._group, self._topics)
        places = {Partition(topic, number): place for topic, number, place in committed}
        self._positions.update({p: places.get(p, 0) for p in taken})
        return taken == missing

    async def _read(self, limit: int) -> list[Record]:
        if not self._positions:
            return []
        columns = (*_columns(self._positions), list(self._positions.values()))
        rows = await self._line.rows(READ, *columns, limit)
        records = [_record(row) for row in rows]
        for record in records:
            # What was read goes to the end of the row, so that a full partition starves none.
            self._positions.pop(record.source, None)
            self._positions[record.source] = record.offset + 1
        return records

    def _lock(self, partition: Partition) -> int:
        name = f"{self._group}|{partition.topic}|{partition.number}".encode()
        return int.from_bytes(blake2b(name, digest_size=8).digest(), signed=True)


def _columns(partitions: Mapping[Partition, int] | frozenset[Partition]) -> tuple[Any, Any]:
    return [p.topic for p in partitions], [p.number for p in partitions]


def _record(row: Any) -> Record:
    topic, key, value, packed, partition, offset = row
    return Record(topic, key, value, unpack(packed), partition, offset)
