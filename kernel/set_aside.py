"""What every consumer set aside, counted: its parked events and its dead letters."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from prometheus_client import Gauge

from kernel import clock
from kernel.db import UnitOfWork

LABELS = ["service", "consumer"]
PARKED = Gauge("parked_events", "Events that wait, behind a failed one or as such.", LABELS)
KEYS = Gauge("parked_keys", "Keys whose events wait.", LABELS)
OLDEST = Gauge("parked_oldest_seconds", "Since when the first parked event fails.", LABELS)
DEAD = Gauge("dead_letters", "Events given up on and not redriven.", LABELS)

# Answered by indexes alone: neither what takes effect nor what was redriven makes it slower.
COUNTS = sa.text(
    "WITH stream AS (SELECT consumer, count(*) AS events, min(position) AS head FROM parked"
    "  GROUP BY consumer, topic, key),"
    " waiting AS (SELECT consumer, sum(events) AS parked, count(*) AS keys, min(head) AS first"
    "  FROM stream GROUP BY consumer),"
    " dead AS (SELECT consumer, count(*) AS dead FROM dead_letter WHERE redriven_at IS NULL"
    "  GROUP BY consumer)"
    " SELECT consumer, coalesce(parked, 0) AS parked, coalesce(keys, 0) AS keys,"
    " coalesce(dead, 0) AS dead, (SELECT failed_at FROM parked WHERE position = first) AS since"
    " FROM waiting FULL JOIN dead USING (consumer)"
)


@dataclass(frozen=True)
class SetAside:
    """What one consumer set aside."""

    parked: int = 0
    keys: int = 0
    oldest_seconds: float = 0.0
    dead: int = 0


async def counts(uow: UnitOfWork) -> dict[str, SetAside]:
    """Return the counts of every consumer that set something aside."""
    now = clock.now()
    return {
        row.consumer: SetAside(
            parked=int(row.parked),
            keys=row.keys,
            oldest_seconds=max(0.0, (now - row.since).total_seconds()) if row.since else 0.0,
            dead=row.dead,
        )
        for row in await uow.execute(COUNTS)
    }


def show(counted: Mapping[str, SetAside], *, service: str, consumers: Iterable[str]) -> None:
    """Set the gauges of a worker; of its consumers, those not counted set nothing aside."""
    for gauge in (PARKED, KEYS, OLDEST, DEAD):
        gauge.clear()
    for consumer in {*consumers, *counted}:
        found = counted.get(consumer, SetAside())
        PARKED.labels(service, consumer).set(found.parked)
        KEYS.labels(service, consumer).set(found.keys)
        OLDEST.labels(service, consumer).set(found.oldest_seconds)
        DEAD.labels(service, consumer).set(found.dead)
