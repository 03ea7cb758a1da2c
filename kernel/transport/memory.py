"""The log in memory: for tests of a whole platform in one process, gone when the process is."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kernel.transport.interface import (
    PARTITIONS,
    Message,
    NoSuchTopic,
    OnRevoke,
    Partition,
    Record,
    Revoked,
    nothing_in_flight,
    partition_of,
    share_of,
)

TURN_SECONDS = 0.05


@dataclass
class Group:
    """The members of a group, who reads what, and how far they came."""

    members: dict[int, tuple[str, ...]] = field(default_factory=dict)
    readers: dict[Partition, int] = field(default_factory=dict)
    positions: dict[Partition, int] = field(default_factory=dict)


class MemoryTransport:
    """Keeps its records as long as it lives, whoever closes and opens readers on it."""

    def __init__(self) -> None:
        self.records: dict[Partition, list[Record]] = {}
        self.sizes: dict[str, int] = {}
        self.groups: dict[str, Group] = {}
        self.appended = asyncio.Condition()
        self._joined = 0

    async def ensure_topics(self, topics: Iterable[str], *, partitions: int = PARTITIONS) -> None:
        """Make the topics that do not exist."""
        for topic in set(topics) - self.sizes.keys():
            self.sizes[topic] = partitions
            self.records.update({Partition(topic, n): [] for n in range(partitions)})

    async def producer(self) -> "MemoryProducer":
        """Return a new producer."""
        return MemoryProducer(self)

    async def consumer(
        self, group: str, topics: Sequence[str], *, on_revoke: OnRevoke | None = None
    ) -> "MemoryConsumer":
        """Join a group; see the interface."""
        self._joined += 1
        joined = self.groups.setdefault(group, Group())
        joined.members[self._joined] = tuple(topics)
        return MemoryConsumer(self, joined, self._joined, on_revoke=on_revoke or nothing_in_flight)

    async def close(self) -> None:
        """Keep everything: another reader may open."""


class MemoryProducer:
    """Appends at once."""

    def __init__(self, log: MemoryTransport) -> None:
        self._log = log

    async def send(self, messages: Sequence[Message]) -> list[Exception | None]:
        """Append; see the interface."""
        outcomes = [self._append(message) for message in messages]
        async with self._log.appended:
            self._log.appended.notify_all()
        return outcomes

    async def close(self) -> None:
        """Hold nothing."""

    def _append(self, message: Message) -> Exception | None:
        size = self._log.sizes.get(message.topic)
        if size is None:
            return NoSuchTopic(message.topic)
        place = Partition(message.topic, partition_of(message.key, size))
        records = self._log.records[place]
        content = (message.topic, message.key, message.value, message.headers)
        records.append(Record(*content, place.number, len(records)))
        return None


class MemoryConsumer:
    """Reads the partitions that its group gave it."""

    def __init__(
        self, log: MemoryTransport, group: Group, member: int, *, on_revoke: OnRevoke
    ) -> None:
        self._log = log
        self._group = group
        self._member = member
        self._on_revoke = on_revoke
        self._positions: dict[Partition, int] = {}

    @property
    def assigned(self) -> frozenset[Partition]:
        """The partitions that this member reads."""
        return frozenset(self._positions)

    async def fetch(self, *, max_records: int, wait: float) -> list[Record]:
        """Return the next records; see the interface."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + wait
        while True:
            await self._share_out()
            records = self._read(max_records)
            left = deadline - loop.time()
            if records or left <= 0:
                return records
            await self._wait(min(left, TURN_SECONDS))

    async def commit(self, positions: Mapping[Partition, int]) -> None:
        """Remember what to read next; see the interface."""
        if not positions.keys() <= self._positions.keys():
            raise Revoked
        self._group.positions.update(positions)

    async def lag(self) -> dict[Partition, int]:
        """Return the records not committed; see the interface."""
        topics = self._group.members[self._member]
        done = self._group.positions
        return {
            p: len(r) - done.get(p, 0) for p, r in self._log.records.items() if p.topic in topics
        }

    async def oldest(self) -> dict[Partition, int]:
        """Return 0 everywhere: nothing is ever thrown away."""
        return dict.fromkeys(await self.lag(), 0)

    async def close(self) -> None:
        """Leave the group."""
        self._group.members.pop(self._member, None)
        self._give_back(self._positions.keys())

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds), self._log.appended:
                await self._log.appended.wait()
        except TimeoutError:
            return

    async def _share_out(self) -> None:
        members = self._group.members
        share = share_of(self._member, members=members, partitions=self._log.records)
        surplus = self._positions.keys() - share
        if surplus:
            await self._on_revoke()
            self._give_back(surplus)
        for partition in share - self._positions.keys():
            if self._group.readers.setdefault(partition, self._member) == self._member:
                self._positions[partition] = self._group.positions.get(partition, 0)

    def _give_back(self, partitions: Iterable[Partition]) -> None:
        for partition in list(partitions):
            del self._positions[partition]
            del self._group.readers[partition]

    def _read(self, limit: int) -> list[Record]:
        records: list[Record] = []
        for partition, position in list(self._positions.items()):
            found = self._log.records[partition][position : position + limit - len(records)]
            if found:
                # What was read goes to the end of the row, so that a full partition starves none.
                del self._positions[partition]
                self._positions[partition] = position + len(found)
                records += found
        return records
