"""What an operator asks of a service's messaging, and what there is to do about it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Query
from pydantic import AwareDatetime

from kernel import clock, outbox, set_aside
from kernel.db import UnitOfWork
from kernel.dead_letter_routes import dead_letters_router
from kernel.operators import MayRead
from kernel.parked_routes import parked_router
from kernel.set_aside import SetAside
from kernel.subscriptions import Subscriptions
from kernel.web import Uow, View, slice_router

COUNTED = timedelta(days=1)
# Both tables have a BRIN index on the moment: a day is counted, not the months that are kept.
PUBLISHED = sa.text(
    "SELECT type, count(*) AS events FROM outbox WHERE published_at >= :since GROUP BY type"
)
DELIVERED = sa.text(
    "SELECT consumer, event_type, count(*) AS events FROM inbox WHERE received_at >= :since"
    " GROUP BY consumer, event_type"
)
LAG = sa.text("SELECT consumer, records, measured_at FROM consumer_lag")

Since = Annotated[
    AwareDatetime | None, Query(description="Count what came after it; without it, for a day.")
]


class Waiting(View):
    """Committed events that are not on the log yet."""

    events: int
    oldest_seconds: float


class ConsumerState(View):
    """What one consumer did with its events, and what it still has before it."""

    consumer: str
    delivered: dict[str, int]
    dead: int
    parked: int
    lag: int | None
    lag_measured_at: datetime | None


class Messaging(View):
    """A service's messaging: what moved since when, and all that waits now.

    It remembers what it published 30 days, and what it received for good.
    """

    service: str
    since: datetime
    published: dict[str, int]
    unpublished: Waiting
    consumers: list[ConsumerState]


def operations_router(service: str, subscriptions: Sequence[Subscriptions] = ()) -> APIRouter:
    """Return the endpoints below /v1/operations/<service>."""
    state = slice_router(f"/operations/{service}", tag="operations")

    @state.get("/messaging", response_model=Messaging)
    async def show_messaging(actor: MayRead, uow: Uow, since: Since = None) -> Messaging:
        """Tell what was published and delivered, and what waits where."""
        return await messaging(uow, service=service, subscriptions=subscriptions, since=since)

    router = APIRouter()
    for each in (state, dead_letters_router(service), parked_router(service)):
        router.include_router(each)
    return router


async def messaging(
    uow: UnitOfWork,
    *,
    service: str,
    subscriptions: Sequence[Subscriptions] = (),
    since: datetime | None = None,
) -> Messaging:
    """Return the state of a service's messaging; what was never delivered counts as 0."""
    since = since or clock.now() - COUNTED
    waiting = await outbox.backlog(uow)
    published = await uow.execute(PUBLISHED, {"since": since})
    return Messaging(
        service=service,
        since=since,
        published={row.type: row.events for row in published},
        unpublished=Waiting(events=waiting.events, oldest_seconds=waiting.oldest_seconds),
        consumers=await _consumers(uow, subscriptions, since=since),
    )


async def _consumers(
    uow: UnitOfWork, subscriptions: Sequence[Subscriptions], *, since: datetime
) -> list[ConsumerState]:
    delivered = {each.consumer: dict.fromkeys(each.handlers, 0) for each in subscriptions}
    for row in await uow.execute(DELIVERED, {"since": since}):
        delivered.setdefault(row.consumer, {})[row.event_type] = row.events
    aside = await set_aside.counts(uow)
    lag = {row.consumer: row for row in await uow.execute(LAG)}
    return [
        ConsumerState(
            consumer=consumer,
            delivered=delivered.get(consumer, {}),
            dead=aside.get(consumer, SetAside()).dead,
            parked=aside.get(consumer, SetAside()).parked,
            lag=lag[consumer].records if consumer in lag else None,
            lag_measured_at=lag[consumer].measured_at if consumer in lag else None,
        )
        for consumer in sorted({*delivered, *aside, *lag})
    ]
