"""Reads topics from their first event on, or copies of them, and refuses a history with gaps."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from kernel.cloudevents import type_of
from kernel.ledger import HistoryIncomplete, Ledger
from kernel.transport.interface import (
    PARTITIONS,
    Consumer,
    OnRevoke,
    Partition,
    Producer,
    Record,
    Transport,
)

COPIED = "kernel.archive.copied.v1"  # the type of the record that ends a copy


def copy_of(topic: str, replay: str) -> str:
    """Return the topic that holds a copy of another one's events, out of the archive."""
    return f"{topic}.replay-{replay}"


class History:
    """A transport for one new group; with `replay` it shows copies under their topics' names.

    Without a ledger it takes what is there. `copied` names the topics whose copy is complete, as
    far as it was read; their log may have lost its beginning.
    """

    def __init__(
        self,
        log: Transport,
        *,
        group: str,
        ledger: Ledger | None,
        replay: str = "",
        copied: Collection[str] = (),
    ) -> None:
        self.copied = set(copied)
        self.ledger = ledger
        self.replay = replay
        self.reader: HistoryReader
        self._log = log
        self._group = group

    async def ensure_topics(self, topics: Iterable[str], *, partitions: int = PARTITIONS) -> None:
        """Make the topics that do not exist."""
        await self._log.ensure_topics(map(self.place_of, topics), partitions=partitions)

    async def producer(self) -> Producer:
        """Pass on."""
        return await self._log.producer()

    async def consumer(
        self, group: str, topics: Sequence[str], *, on_revoke: OnRevoke | None = None
    ) -> "HistoryReader":
        """Read from the beginning.

        Raises:
            HistoryIncomplete: the log does not begin with its first event any more.
        """
        places = {self.place_of(topic): topic for topic in topics}
        consumer = await self._log.consumer(self._group, list(places), on_revoke=on_revoke)
        self.reader = HistoryReader(consumer, self, places)
        try:
            await self._require_the_beginning()
        except BaseException:
            await self.reader.close()
            raise
        return self.reader

    async def close(self) -> None:
        """Hold nothing: the log belongs to another."""

    def place_of(self, topic: str) -> str:
        """Return where the topic's events are read."""
        return copy_of(topic, self.replay) if self.replay else topic

    async def _require_the_beginning(self) -> None:
        oldest = await self.reader.oldest() if self.ledger else {}
        lost = sorted({p.topic for p, offset in oldest.items() if offset} - self.copied)
        if lost:
            raise HistoryIncomplete(
                f"the log has lost the oldest events of {', '.join(lost)}: copy them out of the"
                " archive (kernel.archive), and rebuild with --replay"
            )


class HistoryReader:
    """A consumer that enters what it reads in the ledger, and knows how far it came."""

    def __init__(self, inner: Consumer, history: History, places: Mapping[str, str]) -> None:
        self._inner = inner
        self._history = history
        self._topics = places
        self._done: dict[Partition, int] = {}

    @property
    def assigned(self) -> frozenset[Partition]:
        """The partitions that it reads now."""
        return frozenset(self._named(dict.fromkeys(self._inner.assigned, 0)))

    async def fetch(self, *, max_records: int, wait: float) -> list[Record]:
        """Return the next records; see the interface.

        Raises:
            HistoryIncomplete: one does not follow on what was read of its key.
        """
        found = await self._inner.fetch(max_records=max_records, wait=wait)
        records = [record._replace(topic=self._topics[record.topic]) for record in found]
        if self._history.replay:
            self._history.copied |= {r.topic for r in records if type_of(r.headers) == COPIED}
        if self._history.ledger:
            await self._history.ledger.enter(records)
        return records

    async def commit(self, positions: Mapping[Partition, int]) -> None:
        """Remember what to read next; see the interface."""
        place_of = self._history.place_of
        await self._inner.commit(
            {Partition(place_of(p.topic), p.number): offset for p, offset in positions.items()}
        )
        self._done |= positions

    async def lag(self) -> dict[Partition, int]:
        """Return the records not committed; see the interface."""
        return self._named(await self._inner.lag())

    async def oldest(self) -> dict[Partition, int]:
        """Return where the log begins; see the interface."""
        return self._named(await self._inner.oldest())

    async def has_passed(self, ends: dict[Partition, int]) -> bool:
        """Tell whether all up to `ends` was read; it fills in where the log ends when asked first.

        What is appended later does not count, so that steady traffic cannot keep the end away.
        """
        lag = await self.lag()
        for place, behind in lag.items():
            if place in self._done or not behind:
                ends.setdefault(place, self._done.get(place, 0) + behind)
        return all(p in ends and self._done.get(p, 0) >= ends[p] for p in lag)

    async def close(self) -> None:
        """Leave the group."""
        await self._inner.close()

    def _named(self, found: Mapping[Partition, int]) -> dict[Partition, int]:
        return {Partition(self._topics[p.topic], p.number): n for p, n in found.items()}
