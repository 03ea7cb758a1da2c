"""Events that a consumer gave up on, kept until somebody sends them round again."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from kernel import clock
from kernel.cloudevents import Delivery
from kernel.db import UnitOfWork
from kernel.ids import new_id
from kernel.parked import columns_of

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
    " WHERE id = ANY(:ids) AND redriven_at IS NULL RETURNING *)"
    ' INSERT INTO parked (consumer, topic, partition, "offset", key, event_id, event_type, headers,'
    " value, attempts, error_class, failed_at, next_attempt_at)"
    ' SELECT consumer, topic, partition, "offset", key, event_id, event_type, headers, value, 0,'
    ' error_class, failed_at, :at FROM again ORDER BY topic, partition, "offset"'
    " ON CONFLICT (consumer, event_id) DO NOTHING"
)


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


async def redrive(uow: UnitOfWork, *ids: UUID) -> int:
    """Send dead letters to their consumer again, and return how many.

    Twice is once: the letter remembers it, and the inbox knows events that took effect.
    """
    names = {"ids": list(ids), "at": clock.now()}
    return (await uow.execute(REDRIVE, names)).rowcount
