"""What a consumer does around the handling of a batch: it reads ahead of it, and commits behind."""

import asyncio
from collections.abc import Container, Sequence
from contextlib import suppress
from typing import NamedTuple

from kernel.cloudevents import Delivery, read_those
from kernel.sequences import Sequences
from kernel.transport.interface import Consumer, Partition, Record, Revoked, positions_after

CLOSE_SECONDS = 2.0


class Batch(NamedTuple):
    """What was fetched while the member read these partitions, and what of it concerns us."""

    records: list[Record]
    deliveries: list[Delivery]
    assigned: frozenset[Partition]


class Reader:
    """One member of a group, read in batches.

    Positions are committed after the handling, but nobody waits for that: the inbox knows what the
    next reader repeats.
    """

    def __init__(self, member: Consumer, *, consumer: str, types: Container[str]) -> None:
        self._member = member
        self._types = types
        self._sequences = Sequences(consumer)
        self._ahead: asyncio.Task[Batch] | None = None
        self._committing: asyncio.Task[None] | None = None

    async def read(self, *, most: int, wait: float) -> Batch:
        """Return what was read ahead and is still ours, or else what comes in `wait` seconds."""
        ahead, self._ahead = self._ahead, None
        if ahead:
            batch = _of(await ahead, self._member.assigned)
            if batch.records:
                return batch
        return await self._fetch(most, wait)

    def read_ahead(self, *, most: int) -> None:
        """Begin to fetch and unpack the next batch while this one is handled."""
        self._ahead = asyncio.create_task(self._fetch(most, 0))

    async def commit(self, records: Sequence[Record]) -> None:
        """Begin to remember that these are dealt with.

        Raises:
            Exception: the commit before this one failed.
        """
        await self.settle()
        self._committing = asyncio.create_task(self._commit(positions_after(records)))

    async def settle(self) -> None:
        """Wait until what was dealt with is remembered."""
        committing, self._committing = self._committing, None
        if committing:
            await committing

    async def hand_over(self) -> None:
        """Get ready for a change of partitions; others may read on from here."""
        await self.settle()
        self._sequences.forget()

    async def close(self) -> None:
        """Leave the group; what was read ahead was not committed, and comes again."""
        if self._ahead:
            self._ahead.cancel()
        with suppress(Exception):  # a broken connection leaves by itself
            async with asyncio.timeout(CLOSE_SECONDS):
                unfinished = (task for task in (self._ahead, self._committing) if task)
                await asyncio.gather(*unfinished, return_exceptions=True)
        with suppress(Exception):
            await self._member.close()

    async def _fetch(self, most: int, wait: float) -> Batch:
        records = await self._member.fetch(max_records=most, wait=wait)
        self._sequences.look(records)
        return Batch(records, read_those(records, types=self._types), self._member.assigned)

    async def _commit(self, positions: dict[Partition, int]) -> None:
        with suppress(Revoked):  # the next reader repeats them, and the inbox knows them
            await self._member.commit(positions)


def _of(batch: Batch, ours: frozenset[Partition]) -> Batch:
    """Return what of the batch lies in partitions that are ours."""
    if batch.assigned == ours:
        return batch
    records = [record for record in batch.records if record.source in ours]
    deliveries = [delivery for delivery in batch.deliveries if delivery.record.source in ours]
    return Batch(records, deliveries, ours)
