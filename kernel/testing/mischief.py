"""The three evils of messaging, at will: delivered twice, out of order, and a crash in between."""

from collections.abc import Sequence
from typing import Literal

from kernel.cloudevents import type_of
from kernel.inbox import Runner
from kernel.outbox import Relay
from kernel.testing.passing import PassingConsumer, PassingProducer, PassingTransport
from kernel.transport.interface import (
    Consumer,
    Message,
    Producer,
    Record,
    Transport,
)

Order = Literal["as sent", "reversed"]
MOST_ROUNDS = 500


class Crashed(Exception):
    """The relay died between the broker's report and its own mark."""


class Mischief(PassingTransport):
    """A transport around another one: set its knobs, and it misbehaves as brokers may.

    Its producers crash, once, after sending an event of type `crash_after`; its consumers repeat
    and reorder what they fetch.
    """

    def __init__(self, inner: Transport) -> None:
        super().__init__(
            inner,
            producers=lambda producer: MischievousProducer(producer, self),
            consumers=lambda consumer: MischievousConsumer(consumer, self),
        )
        self.deliveries = 1
        self.order: Order = "as sent"
        self.crash_after: str | None = None


class MischievousProducer(PassingProducer):
    """Sends, and may die before it can tell."""

    def __init__(self, inner: Producer, knobs: Mischief) -> None:
        super().__init__(inner)
        self._knobs = knobs

    async def send(self, messages: Sequence[Message]) -> list[Exception | None]:
        """Append; see the interface.

        Raises:
            Crashed: the knob says so.
        """
        outcomes = await self.inner.send(messages)
        if self._knobs.crash_after in {type_of(message.headers) for message in messages}:
            self._knobs.crash_after = None
            raise Crashed
        return outcomes


class MischievousConsumer(PassingConsumer):
    """Repeats what it fetched, and turns the order of keys round, never inside a key."""

    def __init__(self, inner: Consumer, knobs: Mischief) -> None:
        super().__init__(inner)
        self._knobs = knobs

    async def fetch(self, *, max_records: int, wait: float) -> list[Record]:
        """Fetch and make mischief."""
        records = await self.inner.fetch(max_records=max_records, wait=wait)
        if self._knobs.order == "reversed":
            records = keys_reversed(records)
        return [record for _ in range(self._knobs.deliveries) for record in records]


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
