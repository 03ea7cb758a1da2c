"""Every event carries its number in its stream: a consumer notices what a log left out."""

from collections.abc import Iterable

import prometheus_client
import structlog

from kernel.transport.interface import Record

log = structlog.get_logger("sequences")

REMEMBERED = 100_000  # streams; after so many it begins anew

GAPS = prometheus_client.Counter(
    "events_gap_total", "Events that came before an earlier one of their stream.", ["consumer"]
)


class Sequences:
    """The newest number of every stream that one member of a group has read.

    Repetitions are no news, the inbox knows them. A gap means that the log lost an event or turned
    two round, which this platform's relay never does: somebody has to look.
    """

    def __init__(self, consumer: str) -> None:
        self._consumer = consumer
        self._newest: dict[tuple[str, str], int] = {}

    def look(self, records: Iterable[Record]) -> None:
        """Count and log the gaps in front of these records."""
        newest = self._newest
        for record in records:
            number, stream = _number(record), (record.topic, record.key)
            before = newest.get(stream, number)
            if number > before + 1:
                self._tell(record, missing=number - before - 1)
            if number >= before:
                newest[stream] = number
        if len(newest) > REMEMBERED:
            newest.clear()

    def forget(self) -> None:
        """Begin anew: other members may read on from here."""
        self._newest.clear()

    def _tell(self, record: Record, *, missing: int) -> None:
        GAPS.labels(self._consumer).inc()
        log.error(
            "consumer.gap", consumer=self._consumer, topic=record.topic, key=record.key,
            partition=record.partition, offset=record.offset, missing=missing,
        )  # fmt: skip


def _number(record: Record) -> int:
    """Return the number that the record carries; 0 for a stranger's record without one."""
    for name, value in record.headers[:-3:-1]:  # our relay writes it last, or before the trace
        if name == "ce_sequence" and value.isdigit():
            return int(value)
    return 0
