"""What the worker does about duplicates, a few hundred families at a time.

1. A family comes or changes   -> trace it, compare it with the others, open tickets.
2. Somebody starts a scan      -> the same for every family, each with those of lower ids.

The place of a scan moves in the transaction of its chunk: a worker that is killed loses at most a
chunk that was never committed.
"""

from datetime import timedelta
from functools import partial

from kernel.db import Database, UnitOfWork
from kernel.timers import Timer
from services.registry.duplicates import actions, queries
from services.registry.duplicates.traces import Tracer
from services.registry.vault import Vault

CHUNK = 500
TURN_EVERY = timedelta(milliseconds=500)


def timer(vault: Vault) -> Timer:
    """Return the timer; it lets everything else go first."""
    return Timer("registry.duplicates", TURN_EVERY, partial(work, tracer=Tracer(vault)), bulk=True)


async def work(uow: UnitOfWork, *, tracer: Tracer) -> None:
    """Deal with the next families that changed, and with the next chunk of a scan."""
    await compare_changed(uow, tracer=tracer)
    await scan_on(uow, tracer=tracer)


async def run_pending(database: Database, tracer: Tracer) -> None:
    """Deal with everything that waits."""
    waiting = True
    while waiting:
        async with database.transaction() as uow:
            changed = await compare_changed(uow, tracer=tracer)
            waiting = await scan_on(uow, tracer=tracer) or changed


async def compare_changed(uow: UnitOfWork, *, tracer: Tracer) -> bool:
    """Compare the families that came or changed; return whether there were any."""
    ids = await queries.take_waiting(uow, limit=CHUNK)
    families = await queries.live(uow.session, ids)
    await actions.trace(uow, families, tracer=tracer)
    await actions.find_duplicates(uow, [family.id for family in families], below=False)
    return bool(ids)


async def scan_on(uow: UnitOfWork, *, tracer: Tracer, chunk: int = CHUNK) -> bool:
    """Deal with one chunk of the scan that runs; return whether one runs."""
    scan = await queries.find_running(uow.session, for_change=True)
    if scan is None:
        return False
    families = await queries.live_after(uow.session, scan.last_id, limit=chunk)
    if not families:
        scan.finish()
        return True
    await actions.trace(uow, families, tracer=tracer)
    ids = [family.id for family in families]
    found = await actions.find_duplicates(uow, ids, below=True)
    scan.count(last_id=ids[-1], families=len(ids), tickets=found.tickets, crowded=found.crowded)
    return True
