"""Everything we ask of traces, tickets, merges and scans."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.registry import HouseholdStatus
from kernel.auth import Actor
from kernel.db import UnitOfWork
from kernel.pagination import PageRequest, Rows
from services.registry.duplicates.lifecycle import WAITING, ScanState, State
from services.registry.duplicates.models import FamilyTrace, Merge, Scan, Ticket, Waiting
from services.registry.duplicates.problems import ScanNotFound, TicketNotFound
from services.registry.households.models import Household
from services.registry.households.queries import find_all, visible
from services.registry.regions.queries import inside

Pair = tuple[UUID, UUID]
MOST_CANDIDATES, MOST_IN_A_BLOCK = 200, 500
"""With how many a family is compared at most: officers write one phone for a whole village."""

CANDIDATES = sa.text(
    """
    SELECT one, other FROM (
        SELECT mine.household_id AS one, theirs.household_id AS other,
               row_number() OVER (PARTITION BY mine.household_id ORDER BY count(*) DESC) AS nth
        FROM duplicate_traces mine CROSS JOIN unnest(mine.blocks) AS shared (block)
        CROSS JOIN LATERAL (
            SELECT household_id FROM duplicate_blocks b
            WHERE b.block = shared.block AND (NOT :below OR b.household_id < mine.household_id)
            LIMIT :most_in_a_block
        ) theirs
        JOIN households h ON h.id = theirs.household_id AND h.status <> 'closed'
        WHERE mine.household_id = ANY(:ids) AND theirs.household_id <> mine.household_id
        GROUP BY mine.household_id, theirs.household_id
    ) ranked WHERE nth <= :most
    """
).bindparams(sa.bindparam("ids", type_=sa.ARRAY(sa.Uuid())))
WRITE_BLOCKS = sa.text(
    """
    INSERT INTO duplicate_blocks (block, household_id)
    SELECT unnest(blocks), household_id FROM duplicate_traces WHERE household_id = ANY(:ids)
    """
).bindparams(sa.bindparam("ids", type_=sa.ARRAY(sa.Uuid())))
DROP_BLOCKS = sa.text(
    """
    DELETE FROM duplicate_blocks b
    USING duplicate_traces t CROSS JOIN unnest(t.blocks) AS known (block)
    WHERE t.household_id = ANY(:ids) AND b.household_id = t.household_id AND b.block = known.block
    """
).bindparams(sa.bindparam("ids", type_=sa.ARRAY(sa.Uuid())))


@dataclass(frozen=True)
class Filters:
    """What the queue is narrowed to; `min_score` is in hundredths."""

    region: str | None = None
    state: State | None = None
    min_score: int | None = None
    assignee: str | None = None


async def get(session: AsyncSession, ticket_id: UUID, *, seen_by: Actor) -> Ticket:
    """Return the ticket.

    Raises:
        TicketNotFound: there is none, or the actor may not see both families.
    """
    query = select(Ticket).where(Ticket.id == ticket_id, *_both_visible(seen_by))
    ticket = (await session.exec(query)).one_or_none()
    if ticket is None:
        raise TicketNotFound(ticket_id=str(ticket_id))
    return ticket


async def get_with_families(
    session: AsyncSession, ticket_id: UUID, *, seen_by: Actor
) -> tuple[Ticket, dict[UUID, Household]]:
    """Return the ticket and both families, locked: the families first, by id.

    Raises:
        TicketNotFound: there is none, or the actor may not see both families.
    """
    ticket = await get(session, ticket_id, seen_by=seen_by)
    families = await find_all(session, ticket.pair)
    await session.refresh(ticket, with_for_update=True)
    return ticket, families


async def list_(
    session: AsyncSession, page: PageRequest, *, filters: Filters, seen_by: Actor
) -> Rows[Ticket]:
    """Return a page of the pairs of which the actor may see both families."""
    query = select(Ticket).where(*_both_visible(seen_by))
    if filters.region is not None:
        there = select(Household.id).where(inside(col(Household.desa_code), filters.region))
        query = query.where(
            sa.or_(col(Ticket.first_id).in_(there), col(Ticket.second_id).in_(there))
        )
    if filters.state is not None:
        query = query.where(Ticket.state == filters.state)
    if filters.min_score is not None:
        query = query.where(Ticket.score >= filters.min_score)
    if filters.assignee is not None:
        query = query.where(Ticket.assignee == filters.assignee)
    return await page.rows(session, query, Ticket)


async def tickets_of(
    session: AsyncSession, pairs: Collection[Pair]
) -> defaultdict[Pair, list[Ticket]]:
    """Return every ticket that each pair ever had, oldest first; those that wait are locked."""
    both = sa.tuple_(col(Ticket.first_id), col(Ticket.second_id))
    query = select(Ticket).where(both.in_(pairs)).order_by(col(Ticket.id)).with_for_update()
    known = defaultdict[Pair, list[Ticket]](list)
    for ticket in (await session.exec(query)).all():
        known[ticket.pair].append(ticket)
    return known


async def waiting_with(session: AsyncSession, household_id: UUID) -> Sequence[Ticket]:
    """Return the tickets of a family that nobody decided yet, locked."""
    query = (
        select(Ticket)
        .where(sa.or_(col(Ticket.first_id) == household_id, col(Ticket.second_id) == household_id))
        .where(col(Ticket.state).in_(WAITING))
        .order_by(col(Ticket.id))
        .with_for_update()
    )
    return (await session.exec(query)).all()


async def take_waiting(uow: UnitOfWork, *, limit: int) -> list[UUID]:
    """Take families out of the queue; another worker takes others."""
    some = (
        sa.select(col(Waiting.household_id))
        .order_by(col(Waiting.household_id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = sa.delete(Waiting).where(col(Waiting.household_id).in_(some))
    return list((await uow.execute(taken.returning(col(Waiting.household_id)))).scalars())


async def live(session: AsyncSession, ids: Collection[UUID]) -> Sequence[Household]:
    """Return those of the families that are in the registry and not erased."""
    query = select(Household).where(col(Household.id).in_(ids), *_comparable())
    return (await session.exec(query)).all()


async def live_after(
    session: AsyncSession, last_id: UUID | None, *, limit: int
) -> Sequence[Household]:
    """Return the next families in the order of their ids."""
    query = select(Household).where(*_comparable()).order_by(col(Household.id)).limit(limit)
    if last_id is not None:
        query = query.where(col(Household.id) > last_id)
    return (await session.exec(query)).all()


async def count_live(session: AsyncSession) -> int:
    """Return how many families there are to compare."""
    return (
        await session.exec(select(sa.func.count()).select_from(Household).where(*_comparable()))
    ).one()


async def versions_traced(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, int]:
    """Return as of which version each family is traced."""
    query = select(FamilyTrace.household_id, FamilyTrace.version).where(
        col(FamilyTrace.household_id).in_(ids)
    )
    return dict((await session.exec(query)).all())


async def traces_of(session: AsyncSession, ids: Collection[UUID]) -> Sequence[FamilyTrace]:
    """Return the traces of the families."""
    query = select(FamilyTrace).where(col(FamilyTrace.household_id).in_(ids))
    return (await session.exec(query)).all()


async def candidates(uow: UnitOfWork, ids: Collection[UUID], *, below: bool) -> list[Pair]:
    """Return whom each family is to be compared with; `below`: only families with lower ids."""
    given = {
        "ids": list(ids),
        "below": below,
        "most": MOST_CANDIDATES,
        "most_in_a_block": MOST_IN_A_BLOCK,
    }
    rows = (await uow.execute(CANDIDATES, given)).all()
    return [(row.one, row.other) for row in rows]


async def get_merge(session: AsyncSession, ticket_id: UUID) -> Merge:
    """Return the merge that a ticket led to; there is one once it was confirmed."""
    return (await session.exec(select(Merge).where(Merge.ticket_id == ticket_id))).one()


async def find_merge(session: AsyncSession, ticket_id: UUID) -> Merge | None:
    """Return the merge that a ticket led to, if it did."""
    return (await session.exec(select(Merge).where(Merge.ticket_id == ticket_id))).one_or_none()


async def get_scan(session: AsyncSession, scan_id: UUID) -> Scan:
    """Return the scan.

    Raises:
        ScanNotFound: there is none.
    """
    scan = await session.get(Scan, scan_id)
    if scan is None:
        raise ScanNotFound(scan_id=str(scan_id))
    return scan


async def find_running(session: AsyncSession, *, for_change: bool = False) -> Scan | None:
    """Return the scan that has not finished, if there is one."""
    query = select(Scan).where(Scan.state == ScanState.RUNNING)
    if for_change:
        query = query.with_for_update(skip_locked=True)
    return (await session.exec(query)).one_or_none()


def _comparable() -> tuple[sa.ColumnElement[bool], ...]:
    return (
        col(Household.status) != HouseholdStatus.CLOSED,
        col(Household.data_key).is_not(None),
    )


def _both_visible(actor: Actor) -> tuple[sa.ColumnElement[bool], ...]:
    seen = select(Household.id).where(visible(actor))
    return col(Ticket.first_id).in_(seen), col(Ticket.second_id).in_(seen)
