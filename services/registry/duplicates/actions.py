"""Tracing families, comparing them with those that may be the same, and opening tickets."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from kernel.db import UnitOfWork
from kernel.ids import new_id
from services.registry.duplicates import queries
from services.registry.duplicates.comparing import Finding, compare
from services.registry.duplicates.lifecycle import WAITING, State
from services.registry.duplicates.models import FamilyTrace, Ticket
from services.registry.duplicates.policy import CURRENT, Reason
from services.registry.duplicates.queries import Pair
from services.registry.duplicates.traces import Tracer, read
from services.registry.households import queries as households
from services.registry.households.models import Household

DECIDED = (State.DISMISSED, State.UNDONE)
"""Where only new evidence asks people again."""


@dataclass(frozen=True)
class Compared:
    """How many tickets were opened, and how many families had too many candidates."""

    tickets: int
    crowded: int


async def trace(uow: UnitOfWork, families: Sequence[Household], *, tracer: Tracer) -> None:
    """Write the traces of those families that changed since they were traced."""
    traced = await queries.versions_traced(uow.session, [family.id for family in families])
    changed = [family for family in families if traced.get(family.id) != family.version]
    if not changed:
        return
    ids = [family.id for family in changed]
    members = await households.members_of(uow.session, ids)
    rows = [tracer.trace(family, members[family.id]) for family in changed]
    await forget(uow, ids)
    await uow.execute(sa.insert(FamilyTrace), rows)
    await uow.execute(queries.WRITE_BLOCKS, {"ids": ids})


async def forget(uow: UnitOfWork, ids: Sequence[UUID]) -> None:
    """Delete the traces of families."""
    await uow.execute(queries.DROP_BLOCKS, {"ids": ids})
    await uow.execute(sa.delete(FamilyTrace).where(col(FamilyTrace.household_id).in_(ids)))


async def find_duplicates(uow: UnitOfWork, ids: Sequence[UUID], *, below: bool) -> Compared:
    """Compare traced families with their candidates, `below`: with those of lower ids alone."""
    found = await queries.candidates(uow, ids, below=below)
    pairs = {(min(pair), max(pair)) for pair in found}
    rows = await queries.traces_of(uow.session, {key for pair in pairs for key in pair})
    traces = {row.household_id: read(row) for row in rows}
    findings = {
        pair: compare(traces[pair[0]], traces[pair[1]], policy=CURRENT) for pair in sorted(pairs)
    }
    likely = {
        pair: finding for pair, finding in findings.items() if finding.score >= CURRENT.ticket_from
    }
    crowds = Counter(one for one, _ in found)
    return Compared(
        tickets=await _open_tickets(uow, likely),
        crowded=sum(count == queries.MOST_CANDIDATES for count in crowds.values()),
    )


async def _open_tickets(uow: UnitOfWork, found: Mapping[Pair, Finding]) -> int:
    """Open a ticket a pair that has none, or new evidence; return how many."""
    if not found:
        return 0
    await _hold(uow, {key for pair in found for key in pair})
    known = await queries.tickets_of(uow.session, found.keys())
    fresh = []
    for pair, finding in found.items():
        before = known[pair]
        if before and before[-1].state in WAITING:
            before[-1].learn(finding.score, _listed(finding), policy=CURRENT.version)
        elif _is_new(finding, before):
            fresh.append(_row(pair, finding, follows=before[-1].id if before else None))
    if not fresh:
        return 0
    made = insert(Ticket).on_conflict_do_nothing().returning(col(Ticket.id))
    return len((await uow.execute(made, fresh)).all())


async def _hold(uow: UnitOfWork, ids: set[UUID]) -> None:
    """Lock the families as the tickets' foreign keys will, but in the order of their ids."""
    held = sa.select(col(Household.id)).where(col(Household.id).in_(ids))
    await uow.execute(held.order_by(col(Household.id)).with_for_update(read=True, key_share=True))


def _is_new(finding: Finding, before: Sequence[Ticket]) -> bool:
    weighed = {reason for ticket in before if ticket.state in DECIDED for reason in ticket.reasons}
    speaks_for = {reason for reason in finding.reasons if CURRENT.weights[reason] > 0}
    return not weighed or bool(speaks_for - weighed)


def _row(pair: Pair, finding: Finding, *, follows: UUID | None) -> dict[str, object]:
    return Ticket(
        id=new_id(),
        first_id=pair[0],
        second_id=pair[1],
        score=finding.score,
        reasons=_listed(finding),
        policy=CURRENT.version,
        follows=follows,
    ).model_dump()


def _listed(finding: Finding) -> list[Reason]:
    return [reason for reason in Reason if reason in finding.reasons]
