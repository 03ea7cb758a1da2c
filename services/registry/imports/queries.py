"""Everything we ask of the imports."""

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kernel.auth import Actor
from kernel.pagination import PageRequest, Rows
from services.registry.imports.lifecycle import PENDING, Outcome, State
from services.registry.imports.models import HouseholdImport, ImportChunk, ImportRow, RowError
from services.registry.imports.problems import ImportNotFound


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
    """Return the organisation's import of the same file for the same area, unless it failed."""
    query = select(HouseholdImport).where(
        HouseholdImport.sha256 == job.sha256,
        HouseholdImport.organisation == job.organisation,
        HouseholdImport.regions == job.regions,
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


async def find_chunk(session: AsyncSession, import_id: UUID, number: int) -> ImportChunk | None:
    """Return a chunk of a file; a file of nothing but its header has none."""
    return await session.get(ImportChunk, (import_id, number))


async def rows_left_out(session: AsyncSession, import_id: UUID, *, first: int) -> set[int]:
    """Return the numbers of the rows, from `first` on, in which the dry run found errors."""
    query = select(ImportRow.row).where(
        ImportRow.import_id == import_id,
        ImportRow.row >= first,
        ImportRow.outcome == Outcome.ERROR,
    )
    return set((await session.exec(query)).all())


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
