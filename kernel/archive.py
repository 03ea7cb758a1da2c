"""Copies a service's events of old from its outbox to topics of their own, to be read once more.

`python -m kernel.archive services.export --topics export.slip,export.earning --replay ID`
"""

import argparse
import asyncio
import os
import re
import sys
from collections.abc import Collection, Sequence

import asyncpg
import structlog

from kernel import telemetry
from kernel.cloudevents import message_of
from kernel.history import COPIED, copy_of
from kernel.ledger import HistoryIncomplete
from kernel.line import Line
from kernel.transport.choice import open_transport
from kernel.transport.interface import Message, Producer, Transport

log = structlog.get_logger("archive")

BATCH = 2_000
BUSY_SECONDS = 3_600.0
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")

# One snapshot for all pages: a row with a low number may be committed late, and would be missed.
ONE_SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"
# A stream's counter knows how many events it ever had.
GAPS = """
SELECT topic, count(*) AS keys FROM event_stream LEFT JOIN (
    SELECT topic, key, count(*) AS kept FROM outbox WHERE topic = ANY($1) GROUP BY topic, key
) AS archived USING (topic, key)
WHERE topic = ANY($1) AND coalesce(kept, 0) < version GROUP BY topic ORDER BY topic
"""
PAGE = """
SELECT seq, id, topic, key, type, sequence, occurred_at, traceparent, payload FROM outbox
WHERE seq > $1 AND topic = ANY($2) ORDER BY seq LIMIT $3
"""


class CannotCopy(Exception):
    """The copy is not what was asked for; made again under the same name it will be."""


class Archive:
    """The outbox of one service, which keeps what was published for a while."""

    def __init__(self, url: str, *, service: str, transport: Transport) -> None:
        self._url = url
        self._service = service
        self._transport = transport

    async def copy(
        self, topics: Collection[str], *, replay: str, allow_gaps: bool = False
    ) -> dict[str, int]:
        """Copy all events of the topics, in order per key; return how many there were of each.

        Raises:
            CannotCopy: the topics are not this service's, or the log refused an event.
            HistoryIncomplete: the archive does not reach back to the first event of every key.
        """
        self._require_names(topics, replay)
        await self._transport.ensure_topics(copy_of(topic, replay) for topic in topics)
        line = await Line.open(self._url, name=f"{self._service} archive")
        producer = await self._transport.producer()
        try:
            async with line.transaction() as connection:
                await connection.execute(ONE_SNAPSHOT)
                if not allow_gaps:
                    await _require_all(connection, topics)
                copied = await self._pages(connection, producer, topics=topics, replay=replay)
            await _send(producer, [_end(topic, replay) for topic in topics])
        finally:
            await producer.close()
            await line.close()
        return copied

    def _require_names(self, topics: Collection[str], replay: str) -> None:
        """Refuse what would be marked as a complete copy without being one."""
        foreign = [topic for topic in topics if not topic.startswith(f"{self._service}.")]
        if foreign or not topics:
            raise CannotCopy(f"{self._service} does not tell of {', '.join(foreign) or 'nothing'}")
        if not NAME.fullmatch(replay):
            raise CannotCopy(f"{replay!r} names no copy: small letters, digits and hyphens, 40")

    async def _pages(
        self,
        connection: asyncpg.Connection,
        producer: Producer,
        *,
        topics: Collection[str],
        replay: str,
    ) -> dict[str, int]:
        copied, last = dict.fromkeys(topics, 0), 0
        while rows := await connection.fetch(PAGE, last, list(topics), BATCH, timeout=BUSY_SECONDS):
            messages = [message_of(row, service=self._service) for row in rows]
            await _send(producer, [m._replace(topic=copy_of(m.topic, replay)) for m in messages])
            for message in messages:
                copied[message.topic] += 1
            last = rows[-1]["seq"]
            log.info("archive.copied", service=self._service, replay=replay, events=copied)
        return copied


async def _require_all(connection: asyncpg.Connection, topics: Collection[str]) -> None:
    gaps = await connection.fetch(GAPS, list(topics), timeout=BUSY_SECONDS)
    if gaps:
        told = ", ".join(f"{row['topic']} ({row['keys']} keys)" for row in gaps)
        raise HistoryIncomplete(f"the archive has lost the oldest events of {told}")


async def _send(producer: Producer, messages: Sequence[Message]) -> None:
    refused = [error for error in await producer.send(messages) if error]
    if refused:
        raise CannotCopy(f"the log refused {len(refused)} events: {type(refused[0]).__name__}")


def _end(topic: str, replay: str) -> Message:
    return Message(copy_of(topic, replay), replay, b"", (("ce_type", COPIED.encode()),))


def main() -> None:
    """Copy; what stands in the way is one line and exit code 1."""
    asked = arguments().parse_args()
    telemetry.configure_logs(level="INFO")
    try:
        asyncio.run(copy(asked))
    except (CannotCopy, HistoryIncomplete) as refusal:
        sys.exit(str(refusal))


def arguments() -> argparse.ArgumentParser:
    """Return what the command takes."""
    parser = argparse.ArgumentParser(prog="python -m kernel.archive")
    parser.add_argument("service", help="services.export")
    parser.add_argument("--topics", required=True, help="export.slip,export.earning")
    parser.add_argument("--replay", required=True, help="the name of the copies")
    parser.add_argument("--allow-gaps", action="store_true", help="copy what is left")
    return parser


async def copy(asked: argparse.Namespace) -> None:
    """Copy between the database and the log that the environment names."""
    transport = open_transport(
        kafka_bootstrap_servers=os.environ.get("KAFKA_BOOTSTRAP_SERVERS", ""),
        log_database_url=os.environ.get("LOG_DATABASE_URL", ""),
    )
    service = asked.service.split(".")[-1]
    archive = Archive(os.environ["DATABASE_URL"], service=service, transport=transport)
    try:
        topics = asked.topics.split(",")
        await archive.copy(topics, replay=asked.replay, allow_gaps=asked.allow_gaps)
    finally:
        await transport.close()


if __name__ == "__main__":
    main()
