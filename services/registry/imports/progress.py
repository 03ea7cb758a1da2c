"""How far an import is, told as it moves: server-sent events that may be resumed."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Request
from fastapi.responses import StreamingResponse

from kernel.auth import Actor
from kernel.db import Database
from kernel.problems import Language
from kernel.sight import Sight
from services.registry.imports import queries
from services.registry.imports.access import MayRead
from services.registry.imports.doors import Doors
from services.registry.imports.lifecycle import ENDED
from services.registry.imports.problems import TooManyWatchers
from services.registry.imports.shown import ImportOut, shown
from services.registry.language import CallersLanguage

router = APIRouter(prefix="/v1/household-imports", tags=["imports"])

LOOK_EVERY = timedelta(seconds=1)
HEARTBEAT_EVERY = timedelta(seconds=15)
"""Well below the minute that a silent body may last on its way."""
LONGEST = timedelta(minutes=15)
"""Then the stream ends, and its reader comes again: a token does not last for ever either."""
DOORS = Doors(100, TooManyWatchers)

EVENTS = {"text/event-stream": {"schema": {"type": "string"}}}


class Progress:
    """One reader's view of one import; a connection is held for the moment of a look alone."""

    def __init__(
        self, database: Database, import_id: UUID, *, actor: Actor, language: Language
    ) -> None:
        self._database, self._import_id = database, import_id
        self._actor, self._language = actor, language

    async def look(self) -> ImportOut:
        """Return how the import stands.

        Raises:
            ImportNotFound: there is none, or it is another organisation's.
        """
        async with self._database.transaction(Sight.of(self._actor)) as uow:
            job = await queries.get(uow.session, self._import_id, seen_by=self._actor)
            return shown(job, language=self._language)

    async def events(self, seen: str | None) -> AsyncIterator[str]:
        """Give an event for each new version, a heartbeat in silence; end when the import has."""
        with DOORS.entered():
            quiet_since = begun = time.monotonic()
            while time.monotonic() - begun < LONGEST.total_seconds():
                now = await self.look()
                if str(now.version) != seen:
                    seen, quiet_since = str(now.version), time.monotonic()
                    yield event(now)
                if now.state in ENDED:
                    return
                if time.monotonic() - quiet_since > HEARTBEAT_EVERY.total_seconds():
                    quiet_since = time.monotonic()
                    yield ": still here\n\n"
                await asyncio.sleep(LOOK_EVERY.total_seconds())


def event(now: ImportOut) -> str:
    """Return the lines of one event; the id is the version, by which a reader resumes."""
    name = "end" if now.state in ENDED else "progress"
    return f"id: {now.version}\nevent: {name}\ndata: {now.model_dump_json()}\n\n"


@router.get(
    "/{import_id}/events", response_class=StreamingResponse, responses={200: {"content": EVENTS}}
)
async def follow_import(
    import_id: UUID,
    request: Request,
    actor: MayRead,
    language: CallersLanguage,
    last_event_id: Annotated[str | None, Header(max_length=20)] = None,
) -> StreamingResponse:
    """Follow a file: an event (`progress`, at last `end`) whenever it moved on; resumable."""
    progress = Progress(request.app.state.database, import_id, actor=actor, language=language)
    await progress.look()  # what does not exist is refused before the stream begins
    DOORS.require_free()
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(
        progress.events(last_event_id), media_type="text/event-stream", headers=headers
    )
