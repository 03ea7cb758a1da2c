"""Events that a consumer gave up on, kept until somebody sends them round again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from kernel import clock, parked
from kernel.cloudevents import Delivery
from kernel.db import UnitOfWork
from kernel.ids import new_id
from kernel.messaging_tables import add_messaging_tables
from kernel.parked import Parked, columns_of

BURY = sa.text(
    'INSERT INTO dead_letter (id, consumer, topic, partition, "offset", key, event_id, event_type,'
    " headers, value, attempts, error_class, trace_id, failed_at)"
    " VALUES (:id, :consumer, :topic, :partition, :offset, :key, :event_id, :event_type,"
    " CAST(CAST(:headers AS text) AS json), :value, :attempts, :error_class, :trace_id, :failed_at)"
    " ON CONFLICT DO NOTHING"
)
# The copy waits like any parked event, so that redriven ones keep their order per key.
REDRIVE = sa.text(
    "WITH again AS (UPDATE dead_letter SET redriven_at = :at"
    " WHERE id = ANY(:ids) AND redriven_at IS NULL RETURNING *), copied AS ("
    'INSERT INTO parked (consumer, topic, partition, "offset", key, event_id, event_type, headers,'
    " value, attempts, error_class, failed_at, next_attempt_at)"
    ' SELECT consumer, topic, partition, "offset", key, event_id, event_type, headers, value, 0,'
    ' error_class, failed_at, :at FROM again ORDER BY topic, partition, "offset"'
    " ON CONFLICT (consumer, event_id) DO NOTHING)"
    " SELECT count(*) FROM again"
)

_METADATA = sa.MetaData()
add_messaging_tables(_METADATA)
LETTERS = _METADATA.tables["dead_letter"]
LETTER = LETTERS.c
SHOWN = (
    *(LETTER.id, LETTER.consumer, LETTER.topic, LETTER.partition, LETTER.offset, LETTER.key),
    *(LETTER.event_id, LETTER.event_type, LETTER.attempts, LETTER.error_class, LETTER.trace_id),
    *(LETTER.failed_at, LETTER.redriven_at),
)


class State(StrEnum):
    """Whether somebody sent a dead letter round again."""

    WAITING = "waiting"
    REDRIVEN = "redriven"


IN_STATE = {
    State.WAITING: LETTER.redriven_at.is_(None),
    State.REDRIVEN: LETTER.redriven_at.is_not(None),
}


@dataclass(frozen=True)
class Choice:
    """Which dead letters are meant: those that failed in [from, until); None leaves it open."""

    consumer: str | None = None
    event_type: str | None = None
    failed_from: datetime | None = None
    failed_until: datetime | None = None
    state: State | None = None

    def conditions(self) -> Iterator[sa.ColumnElement[bool]]:
        """Yield what a row has to be."""
        if self.consumer is not None:
            yield LETTER.consumer == self.consumer
        if self.event_type is not None:
            yield LETTER.event_type == self.event_type
        if self.failed_from is not None:
            yield LETTER.failed_at >= self.failed_from
        if self.failed_until is not None:
            yield LETTER.failed_at < self.failed_until
        if self.state is not None:
            yield IN_STATE[self.state]


@dataclass(frozen=True)
class Redriven:
    """What one call did with a window: how many letters went round, how many are left in it."""

    redriven: int
    remaining: int
    up_to: UUID


async def bury(
    uow: UnitOfWork,
    delivery: Delivery,
    *,
    consumer: str,
    attempts: int,
    error_class: str,
    failed_at: datetime,
) -> None:
    """Give up on an event: where it stood, since when it failed, how often, with what."""
    row = columns_of(consumer, delivery)
    fate = {"attempts": attempts, "error_class": error_class, "failed_at": failed_at}
    await uow.execute(BURY, {**row, **fate, "id": new_id(), "trace_id": delivery.trace_id})


async def bury_parked(uow: UnitOfWork, waiting: Parked) -> None:
    """Give up on an event that waits, and let the next one of its key come."""
    await bury(
        uow,
        waiting.delivery,
        consumer=waiting.consumer,
        attempts=waiting.attempts,
        error_class=waiting.error_class,
        failed_at=waiting.failed_at,
    )
    await parked.release(uow, waiting)


async def find(uow: UnitOfWork, letter_id: UUID) -> sa.RowMapping | None:
    """Return a letter with its headers, packed, and the size of its value in bytes."""
    packed = sa.cast(LETTER.headers, sa.Text).label("headers")
    size = sa.func.octet_length(LETTER.value).label("value_bytes")
    query = sa.select(*SHOWN, packed, size).where(LETTER.id == letter_id)
    return (await uow.execute(query)).mappings().one_or_none()


async def newest(
    uow: UnitOfWork, choice: Choice, *, limit: int, before: UUID | None
) -> list[dict[str, Any]]:
    """Return the letters that were buried last; `before` is the id where the page before ended."""
    query = sa.select(*SHOWN).where(*choice.conditions())
    if before is not None:
        query = query.where(LETTER.id < before)
    rows = await uow.execute(query.order_by(LETTER.id.desc()).limit(limit))
    return [dict(row) for row in rows.mappings()]


async def redrive(uow: UnitOfWork, *ids: UUID) -> int:
    """Send dead letters to their consumer again, and return how many.

    Twice is once: the letter remembers it, and the inbox knows events that took effect.
    """
    names = {"ids": list(ids), "at": clock.now()}
    return int((await uow.execute(REDRIVE, names)).scalar_one())


async def redrive_window(
    uow: UnitOfWork, choice: Choice, *, limit: int, up_to: UUID | None
) -> Redriven:
    """Send the oldest `limit` letters of a choice round again, every key's in the log's order.

    Letters buried after `up_to` (at first: after now) are left alone: a caller that goes on until
    none remain does not meet again what failed once more in the meantime.
    """
    up_to = up_to or new_id()
    meant = (*choice.conditions(), IN_STATE[State.WAITING], LETTER.id <= up_to)
    key_fails_since = sa.func.min(LETTER.failed_at).over(partition_by=(LETTER.topic, LETTER.key))
    oldest_first = (key_fails_since, LETTER.topic, LETTER.key, LETTER.offset)
    query = sa.select(LETTER.id).where(*meant).order_by(*oldest_first).limit(limit)
    redriven = await redrive(uow, *(await uow.execute(query)).scalars())
    left = await uow.execute(sa.select(sa.func.count()).select_from(LETTERS).where(*meant))
    return Redriven(redriven, int(left.scalar_one()), up_to)
