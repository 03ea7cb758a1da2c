"""Taking a file in, and forgetting what it holds of persons when its import has ended."""

import asyncio
from collections.abc import Iterator, Sequence
from itertools import islice
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from kernel.auth import Actor
from kernel.db import UnitOfWork
from services.registry.imports import queries
from services.registry.imports.incoming import Received
from services.registry.imports.models import HouseholdImport, ImportChunk, ImportRow
from services.registry.imports.policies import Policy
from services.registry.imports.reading import lines_of
from services.registry.vault import Vault

LINES_A_CHUNK = 2_000
CHARACTERS_A_CHUNK = 4_000_000  # long lines make shorter chunks: several are in memory at a time
FIRST_ROW = 2  # the first one names the columns


async def receive(
    uow: UnitOfWork,
    file: Received,
    *,
    filename: str,
    actor: Actor,
    policy: Policy,
    vault: Vault,
) -> tuple[HouseholdImport, bool]:
    """Keep a file, sealed; return its import, and whether it is new.

    Raises:
        Problem: the file cannot be read; nothing is kept.
    """
    job = HouseholdImport(
        filename=filename,
        sha256=file.sha256,
        columns=[],
        delimiter=",",
        chunks=0,
        total=0,
        uploaded_by=actor.subject,
        organisation=actor.organisation,
        regions=sorted(actor.regions),
        match_policy=policy.match,
        on_conflict=policy.on_conflict,
        policy_version=policy.version,
    )
    if (known := await queries.find_same(uow.session, job)) is not None:
        return known, False
    lines = await asyncio.to_thread(lines_of, file.spool)
    job.columns, job.delimiter = [*lines.layout.columns], lines.layout.delimiter
    job.sheet = lines.sheet
    shelf = Shelf(uow, job.id, vault=vault)
    await shelf.fill(lines.rest)
    job.chunks, job.total = shelf.chunks, shelf.rows
    uow.add(job)
    return job, True


async def forget(uow: UnitOfWork, import_id: UUID) -> None:
    """Delete what a file holds of persons; its errors name rows and columns alone."""
    await uow.execute(sa.delete(ImportChunk).where(col(ImportChunk.import_id) == import_id))
    await uow.execute(sa.delete(ImportRow).where(col(ImportRow.import_id) == import_id))


class Shelf:
    """Where the chunks of one file are put while it is read."""

    def __init__(self, uow: UnitOfWork, import_id: UUID, *, vault: Vault) -> None:
        self.import_id = import_id
        self.chunks = self.rows = 0
        self._uow = uow
        self._vault = vault
        self._first_row = FIRST_ROW

    async def fill(self, lines: Iterator[str]) -> None:
        """Put every line on the shelf; they are read in a thread, a chunk at a time."""
        while chunk := await asyncio.to_thread(_next, lines):
            await self._put(chunk)

    async def _put(self, lines: Sequence[str]) -> None:
        rows = sum(1 for line in lines if line.strip())
        if rows:
            text = "\n".join(lines)
            sealed = self._vault.seal(text, place="import_chunks.lines", row_id=self.import_id)
            chunk = ImportChunk(
                import_id=self.import_id,
                number=self.chunks,
                first_row=self._first_row,
                lines=sealed,
            )
            await self._uow.execute(sa.insert(ImportChunk), [chunk.model_dump()])
            self.chunks += 1
            self.rows += rows
        self._first_row += len(lines)


def _next(lines: Iterator[str]) -> list[str]:
    chunk, size = [], 0
    for line in islice(lines, LINES_A_CHUNK):
        chunk.append(line)
        size += len(line)
        if size > CHARACTERS_A_CHUNK:
            break
    return chunk
