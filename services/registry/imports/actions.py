"""Taking a file in, and forgetting what it holds of persons when its import has ended."""

from collections.abc import AsyncIterator, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from kernel.auth import Actor
from kernel.db import UnitOfWork
from kernel.ids import new_id
from services.registry.imports import queries
from services.registry.imports.columns import layout_of
from services.registry.imports.incoming import Incoming
from services.registry.imports.models import HouseholdImport, ImportChunk, ImportRow
from services.registry.vault import Vault

LINES_A_CHUNK = 500
FIRST_ROW = 2  # the first one names the columns


async def receive(
    uow: UnitOfWork, stream: AsyncIterator[bytes], *, filename: str, actor: Actor, vault: Vault
) -> tuple[HouseholdImport, bool]:
    """Keep a file, sealed; return its import, and whether it is new.

    Raises:
        ColumnsWrong, FileNotReadable, FileTooLarge: nothing is kept.
    """
    incoming = Incoming(stream)
    lines = incoming.lines()
    layout = layout_of(await anext(lines, ""))
    shelf = Shelf(uow, new_id(), vault=vault)
    await shelf.fill(lines)
    job = HouseholdImport(
        id=shelf.import_id,
        filename=filename,
        sha256=incoming.sha256,
        columns=list(layout.columns),
        delimiter=layout.delimiter,
        uploaded_by=actor.subject,
        organisation=actor.organisation,
        regions=sorted(actor.regions),
        chunks=shelf.chunks,
        total=shelf.rows,
    )
    if (known := await queries.find_same(uow.session, job)) is not None:
        await forget(uow, job.id)
        return known, False
    uow.add(job)
    return job, True


async def forget(uow: UnitOfWork, import_id: UUID) -> None:
    """Delete what a file holds of persons; its errors name rows and columns alone."""
    await uow.execute(sa.delete(ImportChunk).where(col(ImportChunk.import_id) == import_id))
    await uow.execute(sa.delete(ImportRow).where(col(ImportRow.import_id) == import_id))


class Shelf:
    """Where the chunks of one file are put while it streams in."""

    def __init__(self, uow: UnitOfWork, import_id: UUID, *, vault: Vault) -> None:
        self.import_id = import_id
        self.chunks = self.rows = 0
        self._uow = uow
        self._vault = vault
        self._first_row = FIRST_ROW

    async def fill(self, lines: AsyncIterator[str]) -> None:
        """Put every line on the shelf."""
        waiting: list[str] = []
        async for line in lines:
            waiting.append(line)
            if len(waiting) == LINES_A_CHUNK:
                await self._put(waiting)
                waiting = []
        await self._put(waiting)

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
