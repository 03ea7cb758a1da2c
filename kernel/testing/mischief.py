"""The three evils of messaging, at will: delivered twice, out of order, and a crash in between."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from kernel.cloudevents import type_of
from kernel.inbox import Runner
from kernel.outbox import Relay
from kernel.transport.interface import (
    PARTITIONS,
    Consumer,
    Message,
    OnRevoke,
    Partition,
    Producer,
    Record,
    Transport,
)

Order = Literal["as sent", "reversed"]
MOST_ROUNDS = 500


class Crashed(Exception):
    """The relay died between the broker's report and its own mark."""


class Mischief:
    """A transport around another one: set its knobs, and it misbehaves as brokers may."""

    def __init__(self, inner: Transport) -> None:
        self.inner = inner
        self.deliveries = 1
        self.order: Order = "as sent"
        self.crash_after: str | None = None

    async def ensure_topics(self, topics: Iterable[str], *, partitions: int = PARTITIONS) -> None:
        """Pass on."""
        await self.inner.ensure_topics(topics, partitions=partitions)

    async def producer(self) -> "MischievousProducer":
        """Return a producer that crashes, once, after sending an event of type `crash_after`."""
        return MischievousProducer(await self.inner.producer(), self)

    async def consumer(
        self, group: str, topics: Sequence[str], *, on_revoke: OnRevoke | None = None
    ) -> "MischievousConsumer":
        """Return a consumer that repeats and reorders what it fetches."""
        return MischievousConsumer(
            await self.inner.consumer(group, topics, on_revoke=on_revoke), self
        )

    async def close(self) -> None:
        """Pass on."""
        await self.inner.close()


class MischievousProducer:
    """Sends, and may die before it can tell."""

    def __init__(self, inner: Producer, knobs: Mischief) -> None:
        self._inner = inner
        self._knobs = knobs

    async def send(self, messages: Sequence[Message]) -> list[Exception | None]:
        """Append; see the interface.

        Raises:
            Crashed: the knob says so.
        """
        outcomes = await self._inner.send(messages)
        if self._knobs.crash_after in {type_of(message.headers) for message in messages}:
            self._knobs.crash_after = None
            raise Crashed
        return outcomes

    async def close(self) -> None:
        """Pass on."""
        await self._inner.close()


class MischievousConsumer:
    """Repeats what it fetched, and turns the order of keys round, never inside a key."""

    def __init__(self, inner: Consumer, knobs: Mischief) -> None:
        self._inner = inner
        self._knobs = knobs

    @property
    def assigned(self) -> frozenset[Partition]:
        """Pass on."""
        return self._inner.assigned

    async def fetch(self, *, max_records: int, wait: float) -> list[Record]:
        """Fetch and make mischief."""
        records = await self._inner.fetch(max_records=max_records, wait=wait)
        if self._knobs.order == "reversed":
            records = keys_reversed(records)
        return [record for _ in range(self._knobs.deliveries) for record in records]

    async def commit(self, positions: Mapping[Partition, int]) -> None:
        """Pass on."""
        await self._inner.commit(positions)

    async def lag(self) -> dict[Partition, int]:
        """Pass on."""
        return await self._inner.lag()

    async def oldest(self) -> dict[Partition, int]:
        """Pass on."""
        return await self._inner.oldest()

    async def close(self) -> None:
        """Pass on."""
        await self._inner.close()


def keys_reversed(records: Sequence[Record]) -> list[Record]:
    """Return the last key's records first; inside a key the order stays."""
    by_key: dict[tuple[str, str], list[Record]] = {}
    for record in records:
        by_key.setdefault((record.topic, record.key), []).append(record)
    return [record for group in reversed(by_key.values()) for record in group]


async def settle(relays: Sequence[Relay], runners: Sequence[Runner]) -> None:
    """Relay and consume until nothing moves any more; what waits is retried without its pause."""
    for _ in range(MOST_ROUNDS):
        moved = sum([await _relay(relay) for relay in relays])
        moved += sum([await runner.run_once(retry_early=True) for runner in runners])
        if not moved:
            return
    raise AssertionError(f"events still cause events after {MOST_ROUNDS} rounds")


async def _relay(relay: Relay) -> int:
    try:
        return await relay.run_once()
    except Crashed:
        await relay.close()  # its successor starts with what was not marked
        return 1
