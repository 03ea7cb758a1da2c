"""What operators do with dead letters: find them, look at one, send one or a window round again."""

import re
from datetime import datetime
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends, Query
from pydantic import AfterValidator, AwareDatetime, Field

from kernel import dead_letters
from kernel.db import UnitOfWork
from kernel.dead_letters import Choice, State
from kernel.operators import ConsumerQuery, MayRead, MayWrite, Name, require_known
from kernel.pagination import Page, PageQuery
from kernel.problems import Conflict, Invalid, NotFound, Text
from kernel.transport.interface import Headers, unpack
from kernel.web import Body, Uow, View, slice_router

log = structlog.get_logger("operations")

WINDOW = 500
MOST_AT_ONCE = 5_000
# What was never ours may stand in a header: only what looks as it should is shown.
TRACE_ID = re.compile(r"[0-9a-f]{32}")
SEQUENCE = re.compile(rb"\d{1,15}")  # one digit more could be somebody's NIK

From = Annotated[AwareDatetime | None, Query(description="First failure at or after it.")]
Until = Annotated[AwareDatetime | None, Query(description="First failure before it.")]


class DeadLetterNotFound(NotFound):
    """No such dead letter."""

    code = "KER-0040"
    title = Text(id="Surat mati tidak ditemukan", en="No such dead letter")
    detail = Text(
        id="Tidak ada surat mati {dead_letter_id}.", en="There is no dead letter {dead_letter_id}."
    )


class DeadLetterRedriven(Conflict):
    """It went round again before; if it failed once more, that is another dead letter."""

    code = "KER-0042"
    title = Text(id="Surat mati sudah dikirim ulang", en="Dead letter sent round before")
    detail = Text(
        id="Surat mati {dead_letter_id} sudah dikirim ulang; bila gagal lagi, ada surat baru.",
        en="Dead letter {dead_letter_id} was sent round again; if it failed, it has a new one.",
    )


class WindowReversed(Invalid):
    """The window ends before it begins."""

    code = "KER-0043"
    title = Text(id="Rentang waktu terbalik", en="Window reversed")
    detail = Text(
        id="failed_until harus setelah failed_from.", en="failed_until must lie after failed_from."
    )


def _trace_id(given: str | None) -> str | None:
    return given if given and TRACE_ID.fullmatch(given) else None


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
    trace_id: Annotated[str | None, AfterValidator(_trace_id)]
    failed_at: datetime
    redriven_at: datetime | None


class OneDeadLetterOut(DeadLetterOut):
    """What a person needs to decide; of its headers only their names, of its value the size."""

    sequence: int | None
    header_names: list[str]
    value_bytes: int


class WindowIn(Body):
    """Which dead letters go round again; an operator who goes on passes `up_to` back."""

    consumer: Name
    event_type: Name | None = None
    failed_from: AwareDatetime | None = None
    failed_until: AwareDatetime | None = None
    limit: int = Field(default=WINDOW, ge=1, le=MOST_AT_ONCE)
    up_to: UUID | None = None

    def choice(self) -> Choice:
        """Return the window."""
        return chosen(
            consumer=self.consumer,
            event_type=self.event_type,
            failed_from=self.failed_from,
            failed_until=self.failed_until,
        )


class RedrivenOut(View):
    """How many went round again, and how many of the window remain."""

    redriven: int
    remaining: int
    up_to: UUID


def chosen(
    *,
    consumer: ConsumerQuery = None,
    event_type: Name | None = None,
    state: State | None = None,
    failed_from: From = None,
    failed_until: Until = None,
) -> Choice:
    """Return the dead letters that are meant.

    Raises:
        WindowReversed: no moment lies between the two.
    """
    if failed_from and failed_until and failed_from >= failed_until:
        raise WindowReversed
    return Choice(consumer, event_type, failed_from, failed_until, state)


async def list_dead_letters(
    actor: MayRead, uow: Uow, page: PageQuery, choice: Annotated[Choice, Depends(chosen)]
) -> Page[DeadLetterOut]:
    """List dead letters, the newest first."""
    await require_known(uow, choice.consumer)
    found = await dead_letters.newest(uow, choice, limit=page.limit + 1, before=page.after)
    items = [DeadLetterOut(**row) for row in found[: page.limit]]
    return Page(items=items, next=page.seal(items[-1].id) if len(found) > page.limit else None)


async def get_dead_letter(dead_letter_id: UUID, actor: MayRead, uow: Uow) -> OneDeadLetterOut:
    """Show one dead letter, without its content."""
    return await _get(uow, dead_letter_id)


async def redrive_dead_letters(body: WindowIn, actor: MayWrite, uow: Uow) -> dead_letters.Redriven:
    """Send a consumer's dead letters round again, the oldest first and each key's in order."""
    await require_known(uow, body.consumer)
    done = await dead_letters.redrive_window(uow, body.choice(), limit=body.limit, up_to=body.up_to)
    log.info(
        "dead_letters.redriven",
        consumer=body.consumer,
        events=done.redriven,
        client_id=actor.client_id,
    )
    return done


async def redrive_dead_letter(dead_letter_id: UUID, actor: MayWrite, uow: Uow) -> None:
    """Send a dead letter to its consumer again; the effect happens once."""
    letter = await _get(uow, dead_letter_id)
    if not await dead_letters.redrive(uow, dead_letter_id):
        raise DeadLetterRedriven(dead_letter_id=str(dead_letter_id))
    log.info("dead_letters.redriven", consumer=letter.consumer, events=1, client_id=actor.client_id)


def dead_letters_router(service: str) -> APIRouter:
    """Return the endpoints below /v1/operations/<service>/dead-letters."""
    router = slice_router(f"/operations/{service}/dead-letters", tag="operations")
    router.get("", response_model=Page[DeadLetterOut])(list_dead_letters)
    router.get("/{dead_letter_id}", response_model=OneDeadLetterOut)(get_dead_letter)
    router.post("/redrive", response_model=RedrivenOut)(redrive_dead_letters)
    router.post("/{dead_letter_id}/redrive", status_code=204)(redrive_dead_letter)
    return router


async def _get(uow: UnitOfWork, letter_id: UUID) -> OneDeadLetterOut:
    row = await dead_letters.find(uow, letter_id)
    if row is None:
        raise DeadLetterNotFound(dead_letter_id=str(letter_id))
    headers = unpack(row["headers"])
    seen = {"sequence": _sequence(headers), "header_names": [name for name, _ in headers]}
    return OneDeadLetterOut(**row, **seen)


def _sequence(headers: Headers) -> int | None:
    given = dict(headers).get("ce_sequence", b"")
    return int(given) if SEQUENCE.fullmatch(given) else None
