"""What the platform asks of a broker: a durable log, ordered per key, shared by groups."""

import zlib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

import orjson

# Partitions of a topic. More of them later would send a key elsewhere than its older events.
PARTITIONS = 12

Headers = tuple[tuple[str, bytes], ...]
OnRevoke = Callable[[], Awaitable[None]]


class Revoked(Exception):
    """The partition belongs to another reader by now, who reads on from the last commit."""


class NoSuchTopic(Exception):
    """The topic was never made by `ensure_topics`."""


class NotSent(Exception):
    """Not tried, or not confirmed in time; it may be on the log all the same."""


class Partition(NamedTuple):
    """One strand of a topic; order is kept inside it."""

    topic: str
    number: int


class Message(NamedTuple):
    """What a producer appends; `key` chooses the partition."""

    topic: str
    key: str
    value: bytes
    headers: Headers = ()


class Record(NamedTuple):
    """What a reader gets: a message and where it stands on the log."""

    topic: str
    key: str
    value: bytes
    headers: Headers
    partition: int
    offset: int

    @property
    def source(self) -> Partition:
        """Return the partition that the record stands in."""
        return Partition(self.topic, self.partition)


class Producer(Protocol):
    """Appends messages, durably and in order."""

    async def send(self, messages: Sequence[Message]) -> list[Exception | None]:
        """Append all, wait for every report, and tell per message: None, or why it failed.

        Ends within its own deadline. Once a message failed, later ones of its key are not sent.
        A message reported as failed may be on the log all the same: sending again repeats it.
        """

    async def close(self) -> None:
        """Give up what the producer holds."""


class Consumer(Protocol):
    """One member of a group; every partition has one reader in the group at a time."""

    @property
    def assigned(self) -> frozenset[Partition]:
        """The partitions that this member reads now."""

    async def fetch(self, *, max_records: int, wait: float) -> list[Record]:
        """Return the next records, in order per partition; `wait` seconds for the first.

        A new group starts with the oldest record. Call it steadily: the group shares out its
        partitions while members fetch.
        """

    async def commit(self, positions: Mapping[Partition, int]) -> None:
        """Remember, per partition, the offset to read next.

        Raises:
            Revoked: a partition is another member's now; nothing is lost by going on.
        """

    async def lag(self) -> dict[Partition, int]:
        """Return how many records the group has not committed, per partition of its topics."""

    async def oldest(self) -> dict[Partition, int]:
        """Return where the log begins, per partition; above 0, earlier records are gone."""

    async def close(self) -> None:
        """Leave the group; its other members take over."""


class Transport(Protocol):
    """A broker, or what stands in for one."""

    async def ensure_topics(self, topics: Iterable[str], *, partitions: int = PARTITIONS) -> None:
        """Make the topics that do not exist."""

    async def producer(self) -> Producer:
        """Return a new producer."""

    async def consumer(
        self, group: str, topics: Sequence[str], *, on_revoke: OnRevoke | None = None
    ) -> Consumer:
        """Join a group that reads existing topics.

        `on_revoke` is awaited before a partition is handed over: finish what is in flight, commit.
        """

    async def close(self) -> None:
        """Give up every shared connection; close producers and consumers first."""


async def nothing_in_flight() -> None:
    """Answer a revocation at once: for readers that never hold work between two fetches."""


def pack(headers: Headers) -> str:
    """Return headers as JSON that a column of type `json` takes, whatever their bytes are."""
    return orjson.dumps([(name, value.decode("latin-1")) for name, value in headers]).decode()


def unpack(packed: str) -> Headers:
    """Return what `pack` packed."""
    return tuple((name, value.encode("latin-1")) for name, value in orjson.loads(packed))


def partition_of(key: str, partitions: int) -> int:
    """Return the partition of a key (CRC-32, as librdkafka's `consistent` partitioner)."""
    return zlib.crc32(key.encode()) % partitions


def share_of(
    member: int, *, members: Mapping[int, Iterable[str]], partitions: Iterable[Partition]
) -> frozenset[Partition]:
    """Return a member's fair share; `members` names the topics that each of them reads."""
    readers: dict[str, list[int]] = {}
    for reader in sorted(members):
        for topic in members[reader]:
            readers.setdefault(topic, []).append(reader)
    return frozenset(p for p in partitions if _reader(p, readers.get(p.topic)) == member)


def _reader(partition: Partition, readers: list[int] | None) -> int | None:
    # The topic turns the wheel, or the first member would get the odd partition of every topic.
    turn = partition.number + zlib.crc32(partition.topic.encode())
    return readers[turn % len(readers)] if readers else None


def positions_after(records: Iterable[Record]) -> dict[Partition, int]:
    """Return what to commit once the records, in order per partition, are dealt with."""
    positions = {(record.topic, record.partition): record.offset + 1 for record in records}
    return {Partition(*place): position for place, position in positions.items()}
