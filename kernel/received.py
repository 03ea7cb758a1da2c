"""Which events a consumer has taken: the table that makes each of them take effect once.

Nothing is ever deleted: topics keep their events for good, so that any of them may come again.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

import sqlalchemy as sa

from kernel.cloudevents import Delivery
from kernel.db import UnitOfWork

# Returns what was known: nearly always nothing, so nearly nothing comes back. The lists are words
# with blanks between them, which the driver writes ten times as fast as arrays.
CLAIM = sa.text(
    "WITH given AS (SELECT * FROM unnest("
    "  CAST(string_to_array(:ids, ' ') AS uuid[]), string_to_array(:types, ' ')"
    " ) AS g(event_id, event_type)),"
    " claimed AS (INSERT INTO inbox (consumer, event_id, event_type)"
    " SELECT :consumer, event_id, event_type FROM given ON CONFLICT DO NOTHING RETURNING event_id)"
    " SELECT event_id FROM given WHERE event_id NOT IN (SELECT event_id FROM claimed)"
)
SEEN = sa.text("SELECT event_id FROM inbox WHERE consumer = :consumer AND event_id = ANY(:ids)")


async def claim(
    uow: UnitOfWork, deliveries: Iterable[Delivery], *, consumer: str
) -> list[Delivery]:
    """Write down that the consumer takes these events; return those that are new, each once.

    Another transaction that takes one of them waits until this one ends.
    """
    first: dict[UUID | None, Delivery] = {}
    for delivery in deliveries:
        first.setdefault(delivery.event_id, delivery)
    if not first:
        return []
    types = (delivery.event_type or "" for delivery in first.values())
    names = {"ids": " ".join(map(str, first)), "types": " ".join(types)}
    for known in (await uow.execute(CLAIM, {"consumer": consumer, **names})).scalars():
        del first[known]
    return [*first.values()]


async def unseen(
    uow: UnitOfWork, deliveries: Sequence[Delivery], *, consumer: str
) -> list[Delivery]:
    """Return the events that the consumer has not taken."""
    if not deliveries:
        return []
    names = {"consumer": consumer, "ids": [delivery.event_id for delivery in deliveries]}
    seen = set((await uow.execute(SEEN, names)).scalars())
    return [delivery for delivery in deliveries if delivery.event_id not in seen]
