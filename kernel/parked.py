"""Events that wait: one that failed, and behind it every later one of its key."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from kernel.cloudevents import Delivery, read
from kernel.db import UnitOfWork
from kernel.transport.interface import Record, pack, unpack

FIRST_RETRY = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(minutes=10)
BEHIND = "Behind"  # the error class of an event that only waits for an earlier one

# Nearly always false; asked first, it spares the writing of hundreds of keys.
ANY = sa.text("SELECT EXISTS (SELECT 1 FROM parked WHERE consumer = :consumer)")
BLOCKED = sa.text(
    "SELECT DISTINCT topic, key FROM parked WHERE consumer = :consumer AND key = ANY(:keys)"
)
PARK = sa.text(
    'INSERT INTO parked (consumer, topic, partition, "offset", key, event_id, event_type, headers,'
    " value, attempts, error_class, failed_at, next_attempt_at)"
    " VALUES (:consumer, :topic, :partition, :offset, :key, :event_id, :event_type,"
    " CAST(CAST(:headers AS text) AS json), :value, :attempts, :error_class, :failed_at,"
    " :next_attempt_at) ON CONFLICT (consumer, event_id) DO NOTHING"
)
HEADS = sa.text(
    "SELECT position FROM (SELECT DISTINCT ON (topic, key) position, next_attempt_at FROM parked"
    " WHERE consumer = :consumer ORDER BY topic, key, position) AS head"
    " WHERE (:early OR next_attempt_at <= :at) AND position <> ALL(:tried)"
    " ORDER BY position LIMIT 100"
).bindparams(sa.bindparam("early", type_=sa.Boolean()))
TAKE = sa.text(
    'SELECT consumer, topic, key, value, headers::text, partition, "offset", attempts, error_class,'
    " failed_at FROM parked WHERE position = :position FOR UPDATE SKIP LOCKED"
)
RELEASE = sa.text("DELETE FROM parked WHERE position = :position")
POSTPONE = sa.text(
    "UPDATE parked SET attempts = :attempts, error_class = :error_class,"
    " next_attempt_at = :next_attempt_at WHERE position = :position"
)

# An index alone answers which event is the first of its key, however many stand behind it.
KEYS = sa.text(
    "SELECT position, consumer, topic, key, event_id, event_type, error_class, attempts, failed_at,"
    " next_attempt_at, behind FROM (SELECT min(position) AS position, count(*) - 1 AS behind"
    "  FROM parked WHERE CAST(:consumer AS text) IS NULL OR consumer = :consumer"
    "  GROUP BY consumer, topic, key HAVING min(position) > :after ORDER BY position LIMIT :limit)"
    " AS first JOIN parked USING (position) ORDER BY position"
)
# A head that is locked is being tried now.
HURRY = sa.text(
    "UPDATE parked SET next_attempt_at = :at WHERE position IN (SELECT position FROM"
    " (SELECT min(position) AS position FROM parked WHERE consumer = :consumer"
    "  AND (CAST(:topic AS text) IS NULL OR topic = :topic AND key = :key) GROUP BY topic, key)"
    " AS first JOIN parked AS head USING (position) WHERE next_attempt_at > :at"
    " ORDER BY position LIMIT :limit FOR UPDATE OF head SKIP LOCKED)"
)
EARLIER = sa.text(
    "SELECT min(one.position) FROM parked AS one JOIN parked AS this USING (consumer, topic, key)"
    " WHERE this.position = :position AND one.position < this.position"
)

Stream = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Parked:
    """One event that waits, locked for this transaction."""

    position: int
    consumer: str
    delivery: Delivery
    attempts: int
    error_class: str
    failed_at: datetime


def columns_of(consumer: str, delivery: Delivery) -> dict[str, Any]:
    """Return a delivery as the columns that parked events and dead letters share."""
    record = delivery.record
    return {
        "consumer": consumer,
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "key": record.key,
        "event_id": delivery.event_id,
        "event_type": delivery.event_type,
        "headers": pack(record.headers),
        "value": record.value,
    }


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: 1 s, doubled each time, 10 min at most."""
    doublings: int = 2 ** min(attempts - 1, 20)
    return min(FIRST_RETRY * doublings, LONGEST_PAUSE)


async def blocked(uow: UnitOfWork, *, consumer: str, deliveries: Iterable[Delivery]) -> set[Stream]:
    """Return the streams of these deliveries in which an earlier event waits."""
    if not (await uow.execute(ANY, {"consumer": consumer})).scalar_one():
        return set()
    keys = sorted({delivery.record.key for delivery in deliveries})
    rows = await uow.execute(BLOCKED, {"consumer": consumer, "keys": keys})
    return {(row.topic, row.key) for row in rows}


async def park(
    uow: UnitOfWork, delivery: Delivery, *, consumer: str, error_class: str, at: datetime
) -> None:
    """Let an event that failed for the first time wait."""
    row = columns_of(consumer, delivery)
    again = {"attempts": 1, "error_class": error_class, "next_attempt_at": at + pause_after(1)}
    await uow.execute(PARK, {**row, **again, "failed_at": at})


async def queue_up(
    uow: UnitOfWork, deliveries: Sequence[Delivery], *, consumer: str, at: datetime
) -> None:
    """Let events wait, in this order, for the earlier one of their key."""
    waiting = {"attempts": 0, "error_class": BEHIND, "next_attempt_at": at, "failed_at": at}
    rows = [{**columns_of(consumer, delivery), **waiting} for delivery in deliveries]
    if rows:
        await uow.execute(PARK, rows)


async def heads(
    uow: UnitOfWork, *, consumer: str, at: datetime, early: bool, tried: Iterable[int]
) -> list[int]:
    """Return the first waiting event of every key whose time has come (`early`: of every key)."""
    names = {"consumer": consumer, "at": at, "early": early, "tried": list(tried)}
    return list((await uow.execute(HEADS, names)).scalars())


async def take(uow: UnitOfWork, position: int) -> Parked | None:
    """Lock a waiting event, or return None when another worker has it."""
    row = (await uow.execute(TAKE, {"position": position})).mappings().one_or_none()
    if row is None:
        return None
    record = Record(
        topic=row["topic"],
        key=row["key"],
        value=row["value"],
        headers=unpack(row["headers"]),
        partition=row["partition"],
        offset=row["offset"],
    )
    fate = {name: row[name] for name in ("consumer", "attempts", "error_class", "failed_at")}
    return Parked(position=position, delivery=read(record), **fate)


async def release(uow: UnitOfWork, parked: Parked) -> None:
    """Let the next event of the key come."""
    await uow.execute(RELEASE, {"position": parked.position})


async def postpone(
    uow: UnitOfWork, parked: Parked, *, attempts: int, error_class: str, at: datetime
) -> None:
    """Let it wait longer after one more failure."""
    again = {"next_attempt_at": at + pause_after(max(1, attempts)), "attempts": attempts}
    names = {"position": parked.position, "error_class": error_class, **again}
    await uow.execute(POSTPONE, names)


async def keys(
    uow: UnitOfWork, *, consumer: str | None, limit: int, after: int
) -> list[dict[str, Any]]:
    """Return the keys that wait: the first event of each, and how many stand behind it."""
    rows = await uow.execute(KEYS, {"consumer": consumer, "limit": limit, "after": after})
    return [dict(row) for row in rows.mappings()]


async def hurry(
    uow: UnitOfWork, *, consumer: str, stream: Stream | None, limit: int, at: datetime
) -> int:
    """Let the first event of each key (of one stream, or of all) be tried now; return how many."""
    topic, key = stream or (None, None)
    names = {"consumer": consumer, "topic": topic, "key": key, "limit": limit, "at": at}
    return (await uow.execute(HURRY, names)).rowcount


async def earlier(uow: UnitOfWork, position: int) -> int | None:
    """Return the position of the first event of the same key, if that is another one."""
    first: int | None = (await uow.execute(EARLIER, {"position": position})).scalar_one()
    return first
