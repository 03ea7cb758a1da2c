"""Events by the thousand, written set-based; each is the first of an aggregate made just now."""

from typing import Any

import sqlalchemy as sa

from kernel import clock
from kernel.db import UnitOfWork
from kernel.events import Event
from kernel.telemetry import traceparent

STREAM = sa.table("event_stream", *map(sa.column, ("topic", "key", "version")))
OUTBOX = sa.table(
    "outbox",
    *map(sa.column, ("id", "shard", "topic", "key", "type", "sequence", "occurred_at")),
    *map(sa.column, ("traceparent", "payload")),
)


async def write_first_events(
    uow: UnitOfWork, event: type[Event], told: "sa.Select[tuple[Any, ...]]"
) -> None:
    """Write what `told` selects: the id of each event, its key and its JSON.

    A new key has no stream that another transaction could hold: nothing is locked, and the
    sequence begins at 1. A key that was told of before breaks the stream's primary key.
    """
    source = told.subquery()
    event_id, key, payload = source.c
    topic, first = sa.literal(event.topic, sa.Text), sa.literal(1, sa.BigInteger)
    stream = sa.select(topic, key, first)
    await uow.execute(sa.insert(STREAM).from_select(["topic", "key", "version"], stream))
    shard = sa.func.crc32(sa.func.uuid_send(key)) % sa.literal(uow.shards, sa.BigInteger)
    now = sa.literal(clock.now(), sa.DateTime(timezone=True))
    parent = sa.literal(traceparent(), sa.Text)
    kind = sa.literal(event.event_type, sa.Text)
    rows = sa.select(event_id, shard, topic, key, kind, first, now, parent, payload)
    await uow.execute(sa.insert(OUTBOX).from_select([each.name for each in OUTBOX.c], rows))
    await uow.execute(sa.text("SELECT pg_notify('outbox', '')"))
