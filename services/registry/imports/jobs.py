"""What the worker does with files, a chunk at a time.

1. A file is uploaded            -> check each chunk: errors and outcomes are written, nothing else.
2. A second person approves it   -> apply each chunk: families, ledger, events.
3. The last chunk is done        -> the import has ended, and what it held of persons is forgotten.
4. A chunk fails by our fault    -> it is tried a few times, then the file has failed, by its rows.

The place in the file moves in the transaction of the chunk: a worker that is killed loses at most
a chunk that was never committed, and the next one goes on from there.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from uuid import UUID

import sqlalchemy as sa
import structlog
from typing_extensions import TypedDict

from kernel import clock
from kernel.db import Database, UnitOfWork
from kernel.faults import is_passing
from kernel.timers import Timer
from services.registry.households import actions as household_actions
from services.registry.households import queries as households
from services.registry.households.models import Why
from services.registry.imports import actions, queries
from services.registry.imports.columns import Row
from services.registry.imports.lifecycle import ENDED, Outcome, Phase
from services.registry.imports.matching import Match, match
from services.registry.imports.models import HouseholdImport, ImportChunk, ImportRow, RowError
from services.registry.vault import Vault
from services.registry.welfare import actions as welfare
from services.registry.welfare.actions import Ranking
from services.registry.welfare.models import cycle_of

log = structlog.get_logger("imports")

CHUNKS_A_TURN = 4
TURN_EVERY = timedelta(milliseconds=250)


class Noted(TypedDict):
    """What the dry run makes of a row, as its table keeps it."""

    import_id: UUID
    row: int
    reference: str | None
    kk_index: bytes | None
    outcome: Outcome


def timer(vault: Vault) -> Timer:
    """Return the timer that moves files on; another worker's turn waits for this one's end."""
    return Timer("registry.imports", TURN_EVERY, partial(work, vault=vault), bulk=True)


async def work(uow: UnitOfWork, *, vault: Vault) -> None:
    """Deal with the next few chunks of whatever file waits."""
    for _ in range(CHUNKS_A_TURN):
        if not await step(uow, vault=vault):
            return


async def run_pending(database: Database, vault: Vault) -> None:
    """Deal with every chunk of every file that waits."""
    waiting = True
    while waiting:
        async with database.transaction() as uow:
            waiting = await step(uow, vault=vault)


async def step(uow: UnitOfWork, *, vault: Vault) -> bool:
    """Deal with one chunk of the file that waited longest; return whether one waited."""
    job = await queries.find_pending(uow.session)
    if job is None:
        return False
    job.begin(at=clock.now())
    chunk = await queries.find_chunk(uow.session, job.id, job.next_chunk)
    if chunk is not None:
        await _try(uow, job, chunk, vault=vault)
    if job.next_chunk == job.chunks:
        job.end_phase()
    if job.state in ENDED:
        await actions.forget(uow, job.id)
    await uow.session.flush()
    return True


async def _try(uow: UnitOfWork, job: HouseholdImport, chunk: ImportChunk, *, vault: Vault) -> None:
    try:
        async with uow.savepoint():
            await _deal_with(uow, job, chunk, vault=vault)
    except Exception as error:
        if is_passing(error):
            raise
        await uow.session.refresh(job)
        first, last = chunk.first_row, chunk.first_row + actions.LINES_A_CHUNK - 1
        job.stumble(first_row=first, last_row=max(first, min(last, job.total + 1)))
        log.error("import.stumbled", import_id=str(job.id), error_class=type(error).__name__)


async def _deal_with(
    uow: UnitOfWork, job: HouseholdImport, chunk: ImportChunk, *, vault: Vault
) -> None:
    rows = _rows(job, chunk, vault=vault)
    if job.phase is Phase.CHECK:
        outcomes = await _check(uow, job, rows, vault=vault)
    else:
        outcomes = await _apply(uow, job, rows, vault=vault)
    job.count(rows=len(rows), outcomes=outcomes)


def _rows(job: HouseholdImport, chunk: ImportChunk, *, vault: Vault) -> list[Row]:
    text = vault.open(chunk.lines, place="import_chunks.lines", row_id=job.id)
    return [
        job.layout.row(line, number=number)
        for number, line in enumerate(text.split("\n"), start=chunk.first_row)
        if line.strip()
    ]


async def _check(
    uow: UnitOfWork, job: HouseholdImport, rows: Sequence[Row], *, vault: Vault
) -> Counter[Outcome]:
    matches = await match(uow, job, rows, vault=vault)
    by_row = {each.row.number: each for each in matches}
    noted = [_noted(job, row, by_row.get(row.number)) for row in rows]
    await uow.execute(sa.insert(ImportRow), noted)
    await _write_errors(uow, job, rows, matches)
    return Counter(each["outcome"] for each in noted)


async def _apply(
    uow: UnitOfWork, job: HouseholdImport, rows: Sequence[Row], *, vault: Vault
) -> Counter[Outcome]:
    left_out = await queries.rows_left_out(uow.session, job.id, first=rows[0].number)
    usable = [row for row in rows if row.number not in left_out]
    matches = await match(uow, job, usable, vault=vault)
    await _write_errors(uow, job, [], matches)
    why = Why(job.uploaded_by, "imported")
    fresh = [each.family for each in matches if each.outcome is Outcome.NEW]
    if fresh:
        await household_actions.register(
            uow,
            fresh,
            vault=vault,
            registered_by=job.organisation,
            why=Why(job.uploaded_by, "imported"),
        )
    retold = [
        (each.known, each.family)
        for each in matches
        if each.outcome is Outcome.CHANGED and each.known is not None and not each.retold
    ]
    if retold:
        await household_actions.replace(
            uow, retold, vault=vault, why=Why(job.uploaded_by, "imported")
        )
    await _record_deciles(uow, [each for each in matches if each.outcome is not Outcome.ERROR])
    return Counter(each.outcome for each in matches)


async def _record_deciles(uow: UnitOfWork, matches: Sequence[Match]) -> None:
    """Write the deciles to the ledger, for the quarter and the day of the family's registration."""
    told = [(each.family, each.decile) for each in matches if each.decile is not None]
    references = {family.reference for family, _ in told}
    found = await households.find_by_references(uow.session, references, for_change=True)
    families = {family.id: family for family in found.values()}
    by_day: defaultdict[date, dict[UUID, int]] = defaultdict(dict)
    for family, decile in told:
        by_day[family.registered_on][found[family.reference].id] = decile
    for day, deciles in by_day.items():
        ranking = Ranking(cycle_of(day), reference_date=day)
        await welfare.record(uow, ranking, deciles, families=families)


def _noted(job: HouseholdImport, row: Row, matched: Match | None) -> Noted:
    return Noted(
        import_id=job.id,
        row=row.number,
        reference=matched.family.reference if matched else None,
        kk_index=matched.kk_index if matched else None,
        outcome=matched.outcome if matched else Outcome.ERROR,
    )


async def _write_errors(
    uow: UnitOfWork, job: HouseholdImport, rows: Sequence[Row], matches: Sequence[Match]
) -> None:
    found = [(row.number, wrong) for row in rows for wrong in row.wrong]
    found += [(each.row.number, wrong) for each in matches for wrong in each.wrong]
    errors = [
        RowError(import_id=job.id, row=number, column=wrong.column, code=wrong.code)
        for number, wrong in sorted(found, key=lambda each: each[0])
    ]
    if errors:
        await uow.execute(sa.insert(RowError), [each.model_dump() for each in errors])
