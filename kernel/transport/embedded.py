"""The embedded log: append-only tables in PostgreSQL, a broker for one machine."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import asyncpg

from kernel.line import Line
from kernel.transport.embedded_reader import EmbeddedConsumer
from kernel.transport.interface import (
    PARTITIONS,
    Message,
    NoSuchTopic,
    OnRevoke,
    Partition,
    nothing_in_flight,
    pack,
    partition_of,
)

SEND_SECONDS = 10.0
SCHEMA_LOCK = 0x616E79616D6C6F67
# A member lives as long as its connection, which holds the advisory lock (7106407, its number).
SCHEMA = """
CREATE TABLE IF NOT EXISTS log_topic (name text PRIMARY KEY, partitions int NOT NULL);
CREATE TABLE IF NOT EXISTS log_partition (
    topic text, partition int, next_offset bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (topic, partition)
) WITH (fillfactor = 50);
CREATE TABLE IF NOT EXISTS log_record (
    topic text, partition int, "offset" bigint, key text NOT NULL, value bytea NOT NULL,
    headers json NOT NULL, appended_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (topic, partition, "offset")
);
CREATE TABLE IF NOT EXISTS log_offset (
    consumer_group text, topic text, partition int, next_offset bigint NOT NULL,
    PRIMARY KEY (consumer_group, topic, partition)
) WITH (fillfactor = 50);
CREATE TABLE IF NOT EXISTS log_member (
    member int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    consumer_group text NOT NULL, topics text[] NOT NULL
);
CREATE OR REPLACE VIEW log_living AS
SELECT m.* FROM log_member m JOIN pg_locks l
  ON l.locktype = 'advisory' AND l.classid = 7106407 AND l.objid = m.member::oid
 AND l.objsubid = 2
 AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database());
"""
MAKE_TOPIC = """
WITH made AS (INSERT INTO log_topic VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING name)
INSERT INTO log_partition SELECT name, generate_series(0, $2 - 1) FROM made
"""
# Whoever appends holds its partitions until the commit: offsets have no gaps, and no record
# becomes visible behind one that a reader has passed. One order for all, so nobody deadlocks.
TAKE_PARTITIONS = """
SELECT p.topic, p.partition, p.next_offset FROM log_partition p
JOIN unnest($1::text[], $2::int[]) AS w(topic, partition) USING (topic, partition)
ORDER BY p.topic, p.partition FOR UPDATE OF p
"""
MOVE_ENDS = """
UPDATE log_partition p SET next_offset = w.next_offset
FROM unnest($1::text[], $2::int[], $3::bigint[]) AS w(topic, partition, next_offset)
WHERE p.topic = w.topic AND p.partition = w.partition
"""
TELL = "SELECT pg_notify('log', topic) FROM unnest($1::text[]) AS w(topic)"
COLUMNS = ("topic", "partition", "offset", "key", "value", "headers")


class EmbeddedProducer:
    """Appends a batch in one transaction: all of it, or, when that fails, nothing."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._line: Line | None = None
        self._sizes: dict[str, int] = {}

    async def send(self, messages: Sequence[Message]) -> list[Exception | None]:
        """Append; see the interface."""
        try:
            async with asyncio.timeout(SEND_SECONDS):
                return await self._append(messages)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            await self.close()
            return [error for _ in messages]

    async def close(self) -> None:
        """Hang up."""
        line, self._line = self._line, None
        if line:
            await line.close()

    async def _append(self, messages: Sequence[Message]) -> list[Exception | None]:
        self._line = line = self._line or await Line.open(self._url, name="log producer")
        await self._learn_sizes(line, {message.topic for message in messages})
        known = [message for message in messages if message.topic in self._sizes]
        if known:
            await self._write(line, known)
        return [
            None if message.topic in self._sizes else NoSuchTopic(message.topic)
            for message in messages
        ]

    async def _learn_sizes(self, line: Line, topics: set[str]) -> None:
        unknown = topics - self._sizes.keys()
        if unknown:
            statement = "SELECT name, partitions FROM log_topic WHERE name = ANY($1)"
            self._sizes.update(await line.rows(statement, list(unknown)))

    async def _write(self, line: Line, messages: Sequence[Message]) -> None:
        places = [Partition(m.topic, partition_of(m.key, self._sizes[m.topic])) for m in messages]
        wanted = sorted(Counter(places))
        topics, numbers = [p.topic for p in wanted], [p.number for p in wanted]
        async with line.transaction() as connection:
            taken = await connection.fetch(TAKE_PARTITIONS, topics, numbers)
            ends = {Partition(topic, number): end for topic, number, end in taken}
            rows = [_row(m, place, ends) for m, place in zip(messages, places, strict=True)]
            await connection.copy_records_to_table("log_record", records=rows, columns=COLUMNS)
            await connection.execute(MOVE_ENDS, topics, numbers, [ends[p] for p in wanted])
            await connection.execute(TELL, sorted(set(topics)))


def _row(message: Message, place: Partition, ends: dict[Partition, int]) -> tuple[Any, ...]:
    offset = ends[place]
    ends[place] = offset + 1
    return (*place, offset, message.key, message.value, pack(message.headers))


class EmbeddedTransport:
    """The log in one database, which it furnishes itself."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._furnished = False

    async def ensure_topics(self, topics: Iterable[str], *, partitions: int = PARTITIONS) -> None:
        """Make the topics that do not exist."""
        await self._furnish()
        line = await Line.open(self._url, name="log admin")
        try:
            for topic in topics:
                await line.rows(MAKE_TOPIC, topic, partitions)
        finally:
            await line.close()

    async def producer(self) -> EmbeddedProducer:
        """Return a new producer; it connects, and connects again, when it sends."""
        await self._furnish()
        return EmbeddedProducer(self._url)

    async def consumer(
        self, group: str, topics: Sequence[str], *, on_revoke: OnRevoke | None = None
    ) -> EmbeddedConsumer:
        """Join a group; see the interface."""
        await self._furnish()
        hook = on_revoke or nothing_in_flight
        return await EmbeddedConsumer.join(self._url, group, topics, on_revoke=hook)

    async def close(self) -> None:
        """Nothing is shared, so nothing is left to give up."""

    async def _furnish(self) -> None:
        if self._furnished:
            return
        line = await Line.open(self._url, name="log admin")
        try:
            if await line.value("SELECT to_regclass('log_living')") is None:
                async with line.transaction() as connection:
                    await connection.execute("SELECT pg_advisory_xact_lock($1)", SCHEMA_LOCK)
                    await connection.execute(SCHEMA)
        finally:
            await line.close()
        self._furnished = True
