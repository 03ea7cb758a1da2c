"""Everything we ask of the imports."""

from collections.abc import Collection, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.registry import HouseholdStatus
from kernel.auth import Actor
from kernel.pagination import PageRequest, Rows
from services.registry.households.models import Household
from services.registry.imports.lifecycle import PENDING, Outcome, State
from services.registry.imports.models import (
    HouseholdImport,
    ImportChunk,
    ImportRow,
    RejectedLines,
    RowError,
)
from services.registry.imports.preparing import Decided
from services.registry.imports.problems import ImportNotFound

NO_ROW = 2**31 - 1
"""Beyond the last row of any file."""


async def get(
    session: AsyncSession, import_id: UUID, *, seen_by: Actor, for_change: bool = False
) -> HouseholdImport:
    """Return the import, locked until the transaction ends when it is `for_change`.

    Raises:
        ImportNotFound: there is none, or it is another organisation's.
    """
    query = select(HouseholdImport).where(
        HouseholdImport.id == import_id, HouseholdImport.organisation == seen_by.organisation
    )
    if for_change:
        query = query.with_for_update()
    found = (await session.exec(query)).one_or_none()
    if found is None:
        raise ImportNotFound(import_id=str(import_id))
    return found


async def find_same(session: AsyncSession, job: HouseholdImport) -> HouseholdImport | None:
    """Return the organisation's import of the same file, area and policy, unless it failed."""
    query = select(HouseholdImport).where(
        HouseholdImport.sha256 == job.sha256,
        HouseholdImport.organisation == job.organisation,
        HouseholdImport.regions == job.regions,
        HouseholdImport.match_policy == job.match_policy,
        HouseholdImport.on_conflict == job.on_conflict,
        HouseholdImport.state != State.FAILED,
    )
    return (await session.exec(query)).one_or_none()


async def find_pending(session: AsyncSession) -> HouseholdImport | None:
    """Return the import that waited longest for the worker, locked; others may work on others."""
    query = (
        select(HouseholdImport)
        .where(col(HouseholdImport.state).in_(PENDING))
        .order_by(col(HouseholdImport.changed_at))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return (await session.exec(query)).one_or_none()


async def list_(
    session: AsyncSession, page: PageRequest, *, seen_by: Actor
) -> Rows[HouseholdImport]:
    """Return a page of the organisation's imports."""
    query = select(HouseholdImport).where(HouseholdImport.organisation == seen_by.organisation)
    return await page.rows(session, query, HouseholdImport)


async def errors_of(session: AsyncSession, page: PageRequest, *, import_id: UUID) -> Rows[RowError]:
    """Return a page of the wrong cells of a file, from its top."""
    query = select(RowError).where(RowError.import_id == import_id)
    return await page.rows(session, query, RowError)


async def get_chunk(session: AsyncSession, import_id: UUID, number: int) -> ImportChunk:
    """Return a chunk of a file that has it."""
    query = select(ImportChunk).where(
        ImportChunk.import_id == import_id, ImportChunk.number == number
    )
    return (await session.exec(query)).one()


async def rows_of_chunk(
    session: AsyncSession, job: HouseholdImport, number: int
) -> tuple[int, int]:
    """Return the numbers of the first and of the last row of a chunk."""
    query = (
        select(ImportChunk.first_row)
        .where(ImportChunk.import_id == job.id, ImportChunk.number >= number)
        .order_by(col(ImportChunk.number))
        .limit(2)
    )
    first, *following = (await session.exec(query)).all()
    return first, max(first, following[0] - 1 if following else job.total + 1)


async def decided(session: AsyncSession, import_id: UUID, chunk: ImportChunk) -> dict[int, Decided]:
    """Return what the dry run made of each row of a chunk."""
    following = sa.select(col(ImportChunk.first_row)).where(
        col(ImportChunk.import_id) == import_id, col(ImportChunk.number) == chunk.number + 1
    )
    query = select(
        col(ImportRow.row), ImportRow.outcome, ImportRow.household_id, ImportRow.household_version
    ).where(
        ImportRow.import_id == import_id,
        ImportRow.row >= chunk.first_row,
        col(ImportRow.row) < sa.func.coalesce(following.scalar_subquery(), NO_ROW),
    )
    return {row: Decided(*rest) for row, *rest in (await session.exec(query)).all()}


async def families_named(
    session: AsyncSession,
    references: Collection[str],
    kk_indexes: Collection[bytes],
    *,
    for_change: bool,
) -> Sequence[Household]:
    """Return the families with these references or live cards, locked by id if `for_change`."""
    live = col(Household.status) != HouseholdStatus.CLOSED
    query = select(Household).where(
        sa.or_(
            col(Household.reference).in_(references),
            sa.and_(col(Household.kk_index).in_(kk_indexes), live),
        )
    )
    if for_change:
        query = query.order_by(col(Household.id)).with_for_update()
    return (await session.exec(query)).all()


async def report_of(
    session: AsyncSession, import_id: UUID, *, outcome: Outcome | None, after: int, limit: int
) -> Sequence[ImportRow]:
    """Return what the dry run made of rows, from the top of the file."""
    query = select(ImportRow).where(ImportRow.import_id == import_id, ImportRow.row > after)
    if outcome is not None:
        query = query.where(ImportRow.outcome == outcome)
    return (await session.exec(query.order_by(col(ImportRow.row)).limit(limit))).all()


async def errors_at(
    session: AsyncSession, import_id: UUID, rows: Collection[int]
) -> dict[int, list[RowError]]:
    """Return what is wrong in each of some rows."""
    query = (
        select(RowError)
        .where(RowError.import_id == import_id, col(RowError.row).in_(rows))
        .order_by(col(RowError.id))
    )
    found: dict[int, list[RowError]] = {row: [] for row in rows}
    for error in (await session.exec(query)).all():
        found[error.row].append(error)
    return found


async def rejected_lines(
    session: AsyncSession, import_id: UUID, *, offset: int, limit: int
) -> Sequence[RejectedLines]:
    """Return what is kept of rejected rows, from the file's top: one for some hundred rows."""
    query = select(RejectedLines).where(RejectedLines.import_id == import_id)
    order = (col(RejectedLines.first_row), col(RejectedLines.phase))
    return (await session.exec(query.order_by(*order).offset(offset).limit(limit))).all()


async def seen_before(
    session: AsyncSession,
    import_id: UUID,
    *,
    before: int,
    references: Collection[str],
    kk_indexes: Collection[bytes],
) -> tuple[set[str | None], set[bytes | None]]:
    """Return which references and KK numbers stand in usable rows above row `before`."""
    query = select(ImportRow.reference, ImportRow.kk_index).where(
        ImportRow.import_id == import_id,
        ImportRow.row < before,
        ImportRow.outcome != Outcome.ERROR,
        sa.or_(col(ImportRow.reference).in_(references), col(ImportRow.kk_index).in_(kk_indexes)),
    )
    found = (await session.exec(query)).all()
    return {reference for reference, _ in found}, {kk_index for _, kk_index in found}
