"""Files that we give out: the template to fill in, and the rejected rows to correct."""

import asyncio
from collections.abc import AsyncIterator
from enum import StrEnum
from functools import lru_cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from kernel.auth import Actor
from kernel.db import Database
from kernel.problems import Language
from kernel.sight import Sight
from services.registry.imports import queries, rejected, template
from services.registry.imports.access import MayRead, MayWrite
from services.registry.imports.corrections import Corrections
from services.registry.imports.problems import NothingRejected
from services.registry.imports.spool import Spool
from services.registry.imports.uploads import CSV, XLSX
from services.registry.language import CallersLanguage
from services.registry.vault import Keys, Vault

router = APIRouter(prefix="/v1/household-imports", tags=["imports"])

PIECE = 64 * 1024
BINARY = {"schema": {"type": "string", "format": "binary"}}


class Form(StrEnum):
    """How a file is written."""

    XLSX = "xlsx"
    CSV = "csv"


@router.get(
    "/template",
    response_class=Response,
    responses={200: {"content": {XLSX: BINARY, CSV: {"schema": {"type": "string"}}}}},
)
async def download_template(
    actor: MayRead,
    callers: CallersLanguage,
    *,
    format: Form = Form.XLSX,
    language: Language | None = None,
) -> Response:
    """Return an empty file of families with its lists of codes, instructions and an example."""
    if format is Form.CSV:
        return _attached(await asyncio.to_thread(template.as_csv), CSV, "anyam-keluarga.csv")
    content = await asyncio.to_thread(_template, language or callers)
    return _attached(content, XLSX, "anyam-keluarga.xlsx")


@lru_cache
def _template(language: Language) -> bytes:
    return template.as_xlsx(language)


def _attached(content: bytes, media_type: str, name: str) -> Response:
    return Response(content, media_type=media_type, headers=_as_file(name))


def _as_file(name: str) -> dict[str, str]:
    return {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
    }


@router.get(
    "/{import_id}/workbook",
    response_class=StreamingResponse,
    responses={200: {"content": {XLSX: BINARY}}},
)
async def download_rejected_rows(
    import_id: UUID, request: Request, actor: MayWrite, vault: Keys, language: CallersLanguage
) -> StreamingResponse:
    """Return the rejected rows as they were sent, with what is wrong; correct and upload it."""
    database: Database = request.app.state.database
    spool = await _corrections(database, import_id, actor=actor, vault=vault, language=language)
    headers = _as_file("anyam-ditolak-rejected.xlsx") | {"Cache-Control": "no-store"}
    return StreamingResponse(_pieces(spool), media_type=XLSX, headers=headers)


async def _corrections(
    database: Database, import_id: UUID, *, actor: Actor, vault: Vault, language: Language
) -> Spool:
    """Write the workbook; its rows wait in a folder that nobody else can open.

    Raises:
        ImportNotFound: there is none, or it is another organisation's.
        NothingRejected: no rejected row is kept.
    """
    sight = Sight.of(actor)
    async with database.transaction(sight) as uow:
        job = await queries.get(uow.session, import_id, seen_by=actor)
    with TemporaryDirectory(prefix="anyam-") as folder:
        corrections = Corrections(job, language=language, folder=Path(folder))
        empty = True
        async for rows in rejected.of_import(database, job, sight=sight, vault=vault):
            empty = False
            await asyncio.to_thread(corrections.write, rows)
        spool = await asyncio.to_thread(corrections.finish)
    if empty:
        spool.close()
        raise NothingRejected(days=rejected.KEPT.days)
    return spool


async def _pieces(spool: Spool) -> AsyncIterator[bytes]:
    with spool, spool.buffered() as file:
        for piece in iter(partial(file.read, PIECE), b""):
            yield piece
