"""What an operator asks of a service's messaging, and the one thing to do about it: redrive."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Query

from kernel import dead_letters, outbox
from kernel.auth import Actor, allow
from kernel.db import UnitOfWork
from kernel.pagination import DEFAULT_LIMIT, MAX_LIMIT
from kernel.problems import NotFound, Text
from kernel.subscriptions import Subscriptions
from kernel.web import Uow, View, slice_router

MayRead = Annotated[Actor, allow("operations:read")]
MayWrite = Annotated[Actor, allow("operations:write")]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]

PUBLISHED = sa.text(
    "SELECT type, count(*) AS events FROM outbox WHERE published_at IS NOT NULL GROUP BY type"
)
DELIVERED = sa.text(
    "SELECT consumer, event_type, count(*) AS events FROM inbox GROUP BY consumer, event_type"
)
PARKED = sa.text("SELECT consumer, count(*) AS events FROM parked GROUP BY consumer")
DEAD = sa.text(
    "SELECT consumer, count(*) AS events FROM dead_letter WHERE redriven_at IS NULL"
    " GROUP BY consumer"
)
LAG = sa.text("SELECT consumer, records, measured_at FROM consumer_lag")
NEWEST_DEAD = sa.text(
    'SELECT id, consumer, topic, partition, "offset", key, event_id, event_type, attempts,'
    " error_class, trace_id, failed_at, redriven_at"
    " FROM dead_letter ORDER BY id DESC LIMIT :limit"
)


class DeadLetterNotFound(NotFound):
    """No such dead letter, or it was sent round again before."""

    code = "KER-0040"
    title = Text(id="Surat mati tidak ditemukan", en="No such dead letter")
    detail = Text(
        id="Tidak ada surat mati {dead_letter_id} yang menunggu.",
        en="No dead letter {dead_letter_id} is waiting.",
    )


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
    """A service's messaging; it remembers what it published 30 days, what it received 90."""

    service: str
    published: dict[str, int]
    unpublished: Waiting
    consumers: list[ConsumerState]


class DeadLetterOut(View):
    """An event that a consumer gave up on; its content is not shown."""

    id: UUID
    consumer: str
    topic: str
    partition: int
    offset: int
    key: str
    event_id: UUID | None
    event_type: str | None
    attempts: int
    error_class: str
    trace_id: str | None
    failed_at: datetime
    redriven_at: datetime | None


class DeadLetters(View):
    """The newest dead letters."""

    items: list[DeadLetterOut]


def operations_router(service: str, subscriptions: Sequence[Subscriptions] = ()) -> APIRouter:
    """Return the endpoints below /v1/operations/<service>."""
    router = slice_router(f"/operations/{service}", tag="operations")

    @router.get("/messaging", response_model=Messaging)
    async def show_messaging(actor: MayRead, uow: Uow) -> Messaging:
        """Tell what was published and delivered, and what waits where."""
        return await messaging(uow, service=service, subscriptions=subscriptions)

    @router.get("/dead-letters", response_model=DeadLetters)
    async def list_dead_letters(
        actor: MayRead, uow: Uow, limit: Limit = DEFAULT_LIMIT
    ) -> DeadLetters:
        """List the newest dead letters."""
        rows = (await uow.execute(NEWEST_DEAD, {"limit": limit})).mappings()
        return DeadLetters(items=[DeadLetterOut(**row) for row in rows])

    @router.post("/dead-letters/{dead_letter_id}/redrive", status_code=204)
    async def redrive_dead_letter(dead_letter_id: UUID, actor: MayWrite, uow: Uow) -> None:
        """Send a dead letter to its consumer again; the effect happens once."""
        if not await dead_letters.redrive(uow, dead_letter_id):
            raise DeadLetterNotFound(dead_letter_id=str(dead_letter_id))

    return router


async def messaging(
    uow: UnitOfWork, *, service: str, subscriptions: Sequence[Subscriptions] = ()
) -> Messaging:
    """Return the state of a service's messaging; what was never delivered counts as 0."""
    waiting = await outbox.backlog(uow)
    return Messaging(
        service=service,
        published={row.type: row.events for row in await uow.execute(PUBLISHED)},
        unpublished=Waiting(events=waiting.events, oldest_seconds=waiting.oldest_seconds),
        consumers=await _consumers(uow, subscriptions),
    )


async def _consumers(
    uow: UnitOfWork, subscriptions: Sequence[Subscriptions]
) -> list[ConsumerState]:
    delivered = {each.consumer: dict.fromkeys(each.handlers, 0) for each in subscriptions}
    for row in await uow.execute(DELIVERED):
        delivered.setdefault(row.consumer, {})[row.event_type] = row.events
    parked = {row.consumer: row.events for row in await uow.execute(PARKED)}
    dead = {row.consumer: row.events for row in await uow.execute(DEAD)}
    lag = {row.consumer: row for row in await uow.execute(LAG)}
    return [
        ConsumerState(
            consumer=consumer,
            delivered=delivered.get(consumer, {}),
            dead=dead.get(consumer, 0),
            parked=parked.get(consumer, 0),
            lag=lag[consumer].records if consumer in lag else None,
            lag_measured_at=lag[consumer].measured_at if consumer in lag else None,
        )
        for consumer in sorted({*delivered, *parked, *dead, *lag})
    ]
