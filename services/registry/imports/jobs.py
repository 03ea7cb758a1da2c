"""What the worker does with files, a chunk at a time.

1. A file is uploaded            -> check each chunk: errors and outcomes are written, nothing else.
2. A second person approves it   -> apply each chunk: families, ledger, events.
3. The last chunk is done        -> the import has ended, and what it held of persons is forgotten.
4. A chunk fails by our fault    -> it is tried a few times, then the file has failed, by its rows.

The place in the file moves in the transaction of the chunk: a worker that is killed loses at most
a chunk that was never committed, and the next one goes on from there. While the database writes a
chunk, the next ones are prepared (workshop.py).
"""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import structlog

from kernel import clock
from kernel.db import Database, UnitOfWork
from kernel.faults import is_passing
from kernel.timers import Timer
from services.registry.imports import actions, places, queries
from services.registry.imports.applying import apply
from services.registry.imports.checking import check
from services.registry.imports.lifecycle import ENDED, Phase
from services.registry.imports.models import HouseholdImport
from services.registry.imports.preparing import Order, Prepared, prepare
from services.registry.imports.workshop import AHEAD, FEW_CHUNKS, Workshop
from services.registry.vault import Vault

log = structlog.get_logger("imports")

CHUNKS_A_TURN = 4
"""Some seconds' work in one transaction: then others may have the timer, and the outbox a look."""
TURN_EVERY = timedelta(milliseconds=100)


def timer(vault: Vault) -> Timer:
    """Return the timer that moves files on; another worker's turn waits for this one's end."""
    workshop = Workshop(vault)
    return Timer("registry.imports", TURN_EVERY, partial(work, workshop=workshop), bulk=True)


async def work(uow: UnitOfWork, *, workshop: Workshop) -> None:
    """Deal with the next few chunks of whatever file waits."""
    for _ in range(CHUNKS_A_TURN):
        if not await step(uow, workshop=workshop):
            return


async def run_pending(database: Database, vault: Vault) -> None:
    """Deal with every chunk of every file that waits."""
    workshop, waiting = Workshop(vault), True
    while waiting:
        async with database.transaction() as uow:
            waiting = await step(uow, workshop=workshop)


async def step(uow: UnitOfWork, *, workshop: Workshop) -> bool:
    """Deal with one chunk of the file that waited longest; return whether one waited."""
    job = await queries.find_pending(uow.session)
    if job is None:
        workshop.rest()
        return False
    job.begin(at=clock.now())
    if job.next_chunk < job.chunks:
        await _try(uow, job, workshop=workshop)
    if job.next_chunk == job.chunks:
        job.end_phase()
    if job.state in ENDED:
        await actions.forget(uow, job.id)
    await uow.session.flush()
    return True


async def _try(uow: UnitOfWork, job: HouseholdImport, *, workshop: Workshop) -> None:
    try:
        async with uow.savepoint():
            await _deal_with(uow, job, workshop=workshop)
    except Exception as error:
        if is_passing(error):
            raise
        await uow.session.refresh(job)
        first, last = await queries.rows_of_chunk(uow.session, job, job.next_chunk)
        job.stumble(first_row=first, last_row=last)
        log.error("import.stumbled", import_id=str(job.id), error_class=type(error).__name__)


async def _deal_with(uow: UnitOfWork, job: HouseholdImport, *, workshop: Workshop) -> None:
    order, prepared = await _next_chunk(uow, job, workshop=workshop)
    run = check if job.phase is Phase.CHECK else apply
    outcomes = await run(uow, job, order, prepared, vault=workshop.vault)
    rows = outcomes.total() if order.decided is None else len(order.decided)
    job.count(rows=rows, outcomes=outcomes)


async def _next_chunk(
    uow: UnitOfWork, job: HouseholdImport, *, workshop: Workshop
) -> tuple[Order, Prepared]:
    """Return the chunk, prepared; those after it are begun meanwhile."""
    number = job.next_chunk
    if job.chunks <= FEW_CHUNKS:
        order = await _order(uow, job, number, vault=workshop.vault)
        return order, prepare(order, workshop.vault)
    for ahead in range(number, min(number + 1 + _ahead(job), job.chunks)):
        place = (job.id, job.phase, ahead)
        if workshop.lacks(place):
            workshop.begin(place, await _order(uow, job, ahead, vault=workshop.vault))
    return await workshop.finished((job.id, job.phase, number))


def _ahead(job: HouseholdImport) -> int:
    """Return how many chunks to prepare ahead; to look names up, a chunk must be opened here."""
    return 0 if job.layout.names_villages else AHEAD


async def _order(uow: UnitOfWork, job: HouseholdImport, number: int, *, vault: Vault) -> Order:
    chunk = await queries.get_chunk(uow.session, job.id, number)
    order = Order(job.id, chunk.lines, chunk.first_row, job.layout, job.organisation)
    if job.phase is Phase.APPLY:
        order = replace(order, decided=await queries.decided(uow.session, job.id, chunk))
    if job.layout.names_villages:
        named = job.layout.villages([line for _, line in order.texts(vault)])
        order = replace(order, villages=await places.resolved(uow.session, named))
    return order
