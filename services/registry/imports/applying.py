"""The real run of a chunk: exactly what the dry run showed and a second person approved.

Between the two, others may have changed a family, taken a reference, or registered a KK number.
Each such row is found again here, and left out with a code that says so.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from kernel.db import UnitOfWork
from services.registry.households import actions as households
from services.registry.households.models import Household, Why
from services.registry.imports import bulk
from services.registry.imports.faults import Fault
from services.registry.imports.lifecycle import Outcome
from services.registry.imports.matching import Match, match
from services.registry.imports.models import HouseholdImport
from services.registry.imports.preparing import Order, Prepared
from services.registry.imports.rejecting import write_errors
from services.registry.imports.staged import FAMILIES, MEMBERS
from services.registry.vault import Vault
from services.registry.welfare import actions as welfare
from services.registry.welfare.actions import Ranking
from services.registry.welfare.models import cycle_of


async def apply(
    uow: UnitOfWork, job: HouseholdImport, order: Order, prepared: Prepared, *, vault: Vault
) -> Counter[Outcome]:
    """Write the rows of the chunk; return how many there are of each outcome."""
    why = Why(job.uploaded_by, "imported")
    new, doubted = await _register_the_new(uow, job, prepared, why=why)
    careful = doubted | order.rows(Outcome.CHANGED)
    matches = [
        _as_approved(each, order)
        for each in await match(uow, job, list(order.read(vault, only=careful)), vault=vault)
    ]
    await write_errors(uow, job, [each.rejected for each in matches if each.wrong], vault=vault)
    changed = [(each.known, each) for each in matches if each.known and not each.wrong]
    await _bring_up_to_date(uow, changed, vault=vault, why=why)
    outcomes = Counter(each.outcome for each in matches)
    outcomes[Outcome.NEW] += new
    outcomes[Outcome.UNCHANGED] += len(order.rows(Outcome.UNCHANGED))
    return outcomes


async def _register_the_new(
    uow: UnitOfWork, job: HouseholdImport, prepared: Prepared, *, why: Why
) -> tuple[int, set[int]]:
    """Write the new families; return how many, and the rows that are not new any more."""
    await FAMILIES.fill(uow, prepared.families)
    await MEMBERS.fill(uow, prepared.members)
    doubted = await bulk.doubtful(uow, job)
    await bulk.leave_out(uow, doubted)
    registered = await bulk.register(uow, job, why=why)
    await bulk.tell(uow)
    return registered, doubted


def _as_approved(now: Match, order: Order) -> Match:
    """Return the match, refused unless it is what the dry run found."""
    decided = (order.decided or {})[now.row.number]
    then = (decided.household_id, decided.household_version)
    found = (now.known.id, now.known.version) if now.known else (None, None)
    if now.wrong or (now.known and then == found and now.outcome is decided.outcome):
        return now
    return now.refused("reference", Fault.CHANGED_SINCE_CHECK)


async def _bring_up_to_date(
    uow: UnitOfWork, changed: Sequence[tuple[Household, Match]], *, vault: Vault, why: Why
) -> None:
    told = [(known, each.family) for known, each in changed if not each.retold]
    if told:
        await households.replace(uow, told, vault=vault, why=why)
    by_day: defaultdict[date, dict[UUID, int]] = defaultdict(dict)
    for known, each in changed:
        if each.decile is not None:
            by_day[each.family.registered_on][known.id] = each.decile
    families = {known.id: known for known, _ in changed}
    for day, deciles in by_day.items():
        ranking = Ranking(cycle_of(day), reference_date=day, by=why.by)
        await welfare.record(uow, ranking, deciles, families=families)
