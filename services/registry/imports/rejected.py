"""Rows that were left out: kept sealed for some days, to be sent back and corrected."""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import col

from kernel import clock
from kernel.db import Database, UnitOfWork
from kernel.sight import Sight
from kernel.timers import Timer
from services.registry.imports import queries
from services.registry.imports.columns import Row
from services.registry.imports.lifecycle import ENDED
from services.registry.imports.models import HouseholdImport, RejectedLines, RowError
from services.registry.vault import Vault

KEPT = timedelta(days=7)
PLACE = "import_rejected_lines.lines"
AT_A_TIME = 10


@dataclass(frozen=True)
class Rejected:
    """A row that was left out, as it was sent, and what is wrong with it."""

    row: int
    line: str
    errors: Sequence[RowError]


async def keep(uow: UnitOfWork, job: HouseholdImport, rows: Sequence[Row], *, vault: Vault) -> None:
    """Keep the rows of a chunk that were left out."""
    lines = {row.number: row.line for row in rows}
    text = json.dumps(lines, ensure_ascii=False)
    sealed = vault.seal(text, place=PLACE, row_id=job.id)
    kept = RejectedLines(import_id=job.id, first_row=min(lines), phase=job.phase, lines=sealed)
    await uow.execute(sa.insert(RejectedLines), [kept.model_dump()])


async def of_import(
    database: Database, job: HouseholdImport, *, sight: Sight, vault: Vault
) -> AsyncIterator[list[Rejected]]:
    """Give the rejected rows, a few chunks at a time, each time in a transaction of its own."""
    seen = 0
    while True:
        async with database.transaction(sight) as uow:
            kept = await queries.rejected_lines(uow.session, job.id, offset=seen, limit=AT_A_TIME)
            rows = [row for each in kept for row in await _opened(uow, each, vault=vault)]
        if not kept:
            return
        yield rows
        seen += len(kept)


async def _opened(uow: UnitOfWork, kept: RejectedLines, *, vault: Vault) -> list[Rejected]:
    text = vault.open(kept.lines, place=PLACE, row_id=kept.import_id)
    lines: dict[int, str] = {int(row): line for row, line in json.loads(text).items()}
    errors = await queries.errors_at(uow.session, kept.import_id, lines.keys())
    return [Rejected(row, lines[row], errors[row]) for row in sorted(lines)]


def timer() -> Timer:
    """Return the timer that forgets rejected rows some days after their import's end."""
    return Timer("registry.imports.rejected", timedelta(hours=1), forget_old)


async def forget_old(uow: UnitOfWork) -> None:
    """Delete the rejected rows of imports that ended long enough ago."""
    ended = sa.select(col(HouseholdImport.id)).where(
        col(HouseholdImport.state).in_(ENDED),
        col(HouseholdImport.changed_at) < clock.now() - KEPT,
    )
    await uow.execute(sa.delete(RejectedLines).where(col(RejectedLines.import_id).in_(ended)))
