"""The dry run of a chunk: what each row would do is written down, nothing else."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from typing_extensions import TypedDict

from kernel.db import UnitOfWork
from services.registry.households import queries as households
from services.registry.imports import bulk
from services.registry.imports.differences import Difference, between
from services.registry.imports.lifecycle import Outcome
from services.registry.imports.matching import Match, match
from services.registry.imports.models import HouseholdImport, ImportRow
from services.registry.imports.preparing import Order, Prepared
from services.registry.imports.rejecting import write_errors
from services.registry.imports.staged import FAMILIES, MEMBERS
from services.registry.vault import Vault


class Noted(TypedDict):
    """What the dry run makes of a row, as its table keeps it."""

    import_id: UUID
    row: int
    reference: str | None
    kk_index: bytes | None
    outcome: Outcome
    household_id: UUID | None
    household_version: int | None
    differences: list[Difference]


async def check(
    uow: UnitOfWork, job: HouseholdImport, order: Order, prepared: Prepared, *, vault: Vault
) -> Counter[Outcome]:
    """Note the outcome of every row of the chunk; return how many there are of each."""
    await FAMILIES.fill(uow, prepared.families)
    await MEMBERS.fill(uow, prepared.members)
    doubted = await bulk.doubtful(uow, job)
    await bulk.leave_out(uow, doubted)
    outcomes = Counter({Outcome.NEW: await bulk.note_new(uow, job)})
    matches = await match(uow, job, list(order.read(vault, only=doubted)), vault=vault)
    noted = [_unreadable(job, row.number) for row in prepared.unreadable]
    noted += await _noted(uow, job, matches, vault=vault)
    if noted:
        await uow.execute(sa.insert(ImportRow), noted)
    rejected = [*prepared.unreadable, *(each.rejected for each in matches if each.wrong)]
    await write_errors(uow, job, rejected, vault=vault)
    return outcomes + Counter(each["outcome"] for each in noted)


async def _noted(
    uow: UnitOfWork, job: HouseholdImport, matches: Sequence[Match], *, vault: Vault
) -> list[Noted]:
    changed = [each.known.id for each in matches if each.known and _is_changed(each)]
    members = await households.members_of(uow.session, changed)
    return [
        Noted(
            import_id=job.id,
            row=each.row.number,
            reference=each.family.reference,
            kk_index=each.kk_index,
            outcome=each.outcome,
            household_id=each.known.id if each.known else None,
            household_version=each.known.version if each.known else None,
            differences=between(
                each.known, members[each.known.id], each.family, decile=each.decile, vault=vault
            )
            if each.known and _is_changed(each)
            else [],
        )
        for each in matches
    ]


def _is_changed(matched: Match) -> bool:
    return matched.outcome is Outcome.CHANGED


def _unreadable(job: HouseholdImport, row: int) -> Noted:
    return Noted(
        import_id=job.id,
        row=row,
        reference=None,
        kk_index=None,
        outcome=Outcome.ERROR,
        household_id=None,
        household_version=None,
        differences=[],
    )
