"""What operators do with events that wait: see the keys, let them be tried now, give one up."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Path
from pydantic import Field, model_validator

from kernel import clock, dead_letters, parked
from kernel.operators import ConsumerQuery, MayRead, MayWrite, Name, require_known
from kernel.pagination import Page, PageQuery
from kernel.problems import Conflict, NotFound, Text
from kernel.web import Body, Uow, View, slice_router

log = structlog.get_logger("operations")

RELEASED = 1_000
MOST_AT_ONCE = 10_000

Position = Annotated[int, Path(ge=1, lt=2**63)]


class NothingParked(NotFound):
    """Nothing waits there: it took effect, it was given up, or it is being tried."""

    code = "KER-0044"
    title = Text(id="Tidak ada yang menunggu", en="Nothing waits there")
    detail = Text(
        id="Tidak ada yang menunggu di situ, atau sedang dicoba saat ini; lihat daftarnya lagi.",
        en="Nothing waits there, or it is being tried right now; look at the list again.",
    )


class NotTheFirst(Conflict):
    """Only the first event of a key can be given up: the order of the key would break."""

    code = "KER-0045"
    title = Text(id="Bukan yang pertama", en="Not the first of its key")
    detail = Text(
        id="Peristiwa {first} dari kunci yang sama menunggu di depannya.",
        en="Event {first} of the same key waits before it.",
    )


class ParkedKeyOut(View):
    """A key that waits: its first event, and how many stand behind; no content is shown."""

    position: int
    consumer: str
    topic: str
    key: str
    behind: int
    event_id: UUID | None
    event_type: str | None
    error_class: str
    attempts: int
    failed_at: datetime
    next_attempt_at: datetime


class ReleaseIn(Body):
    """Which keys are tried now: one of a consumer, or the longest waiting ones."""

    consumer: Name
    topic: Name | None = None
    key: Name | None = None
    limit: int = Field(default=RELEASED, ge=1, le=MOST_AT_ONCE)

    @model_validator(mode="after")
    def _a_key_has_a_topic(self) -> "ReleaseIn":
        if (self.topic is None) != (self.key is None):
            raise ValueError("a key is named with its topic")
        return self

    @property
    def stream(self) -> parked.Stream | None:
        """The one key that is meant, if one is."""
        return (self.topic, self.key) if self.topic and self.key else None


class ReleasedOut(View):
    """How many keys are tried now that were to wait longer."""

    keys: int


async def list_parked_keys(
    actor: MayRead, uow: Uow, page: PageQuery, consumer: ConsumerQuery = None
) -> Page[ParkedKeyOut]:
    """List the keys that wait, the one that waits longest first."""
    await require_known(uow, consumer)
    after = page.after.int if page.after else 0
    found = await parked.keys(uow, consumer=consumer, limit=page.limit + 1, after=after)
    items = [ParkedKeyOut(**row) for row in found[: page.limit]]
    more = len(found) > page.limit
    return Page(items=items, next=page.seal(UUID(int=items[-1].position)) if more else None)


async def release_parked_keys(body: ReleaseIn, actor: MayWrite, uow: Uow) -> ReleasedOut:
    """Let the first event of waiting keys be tried now, and those behind it in order."""
    await require_known(uow, body.consumer)
    keys = await parked.hurry(
        uow, consumer=body.consumer, stream=body.stream, limit=body.limit, at=clock.now()
    )
    if body.stream and not keys:
        raise NothingParked
    log.info("parked.released", consumer=body.consumer, keys=keys, client_id=actor.client_id)
    return ReleasedOut(keys=keys)


async def bury_parked_event(position: Position, actor: MayWrite, uow: Uow) -> None:
    """Give up the first event of a key: it becomes a dead letter, and the key goes on."""
    waiting = await parked.take(uow, position)
    if waiting is None:
        raise NothingParked
    first = await parked.earlier(uow, position)
    if first is not None:
        raise NotTheFirst(first=first)
    await dead_letters.bury_parked(uow, waiting)
    log.info("parked.buried", consumer=waiting.consumer, events=1, client_id=actor.client_id)


def parked_router(service: str) -> APIRouter:
    """Return the endpoints below /v1/operations/<service>/parked."""
    router = slice_router(f"/operations/{service}/parked", tag="operations")
    router.get("", response_model=Page[ParkedKeyOut])(list_parked_keys)
    router.post("/release", response_model=ReleasedOut)(release_parked_keys)
    router.post("/{position}/bury", status_code=204)(bury_parked_event)
    return router
