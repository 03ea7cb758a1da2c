"""Transports and consumers around others: what a subclass does not spoil, it passes on."""

from collections.abc import Callable, Iterable, Mapping, Sequence

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


class PassingConsumer:
    """A consumer around another one: what its subclasses do not spoil, it passes on."""

    def __init__(self, inner: Consumer) -> None:
        self.inner = inner

    @property
    def assigned(self) -> frozenset[Partition]:
        """Pass on."""
        return self.inner.assigned

    async def fetch(self, *, max_records: int, wait: float) -> list[Record]:
        """Pass on."""
        return await self.inner.fetch(max_records=max_records, wait=wait)

    async def commit(self, positions: Mapping[Partition, int]) -> None:
        """Pass on."""
        await self.inner.commit(positions)

    async def lag(self) -> dict[Partition, int]:
        """Pass on."""
        return await self.inner.lag()

    async def oldest(self) -> dict[Partition, int]:
        """Pass on."""
        return await self.inner.oldest()

    async def close(self) -> None:
        """Pass on."""
        await self.inner.close()


class PassingProducer:
    """A producer around another one."""

    def __init__(self, inner: Producer) -> None:
        self.inner = inner

    async def send(self, messages: Sequence[Message]) -> list[Exception | None]:
        """Pass on."""
        return await self.inner.send(messages)

    async def close(self) -> None:
        """Pass on."""
        await self.inner.close()


class PassingTransport:
    """A transport whose producers and consumers are wrapped."""

    def __init__(
        self,
        inner: Transport,
        *,
        producers: Callable[[Producer], Producer] = PassingProducer,
        consumers: Callable[[Consumer], Consumer] = PassingConsumer,
    ) -> None:
        self.inner = inner
        self._producers = producers
        self._consumers = consumers

    async def ensure_topics(self, topics: Iterable[str], *, partitions: int = PARTITIONS) -> None:
        """Pass on."""
        await self.inner.ensure_topics(topics, partitions=partitions)

    async def producer(self) -> Producer:
        """Return a wrapped producer."""
        return self._producers(await self.inner.producer())

    async def consumer(
        self, group: str, topics: Sequence[str], *, on_revoke: OnRevoke | None = None
    ) -> Consumer:
        """Return a wrapped consumer."""
        return self._consumers(await self.inner.consumer(group, topics, on_revoke=on_revoke))

    async def close(self) -> None:
        """Pass on."""
        await self.inner.close()
