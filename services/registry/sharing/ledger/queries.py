"""Who read which family, and which families somebody read: both over millions of readings."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.sharing.ledger.models import Access
from services.registry.sharing.ledger.problems import WindowReversed, WindowTooWide

READER = ("organisation", "client_id", "actor")
MOST_READERS = 1_000
DAYS, DAYS_OF_ONE = 31, 366  # a year of everybody took 42 s among three million readings
ROOM = sa.text("SELECT set_config('work_mem', '256MB', true)")


@dataclass(frozen=True)
class Window:
    """The readings between two moments, and whose."""

    since: datetime
    until: datetime
    organisation: str | None = None
    client_id: str | None = None
    actor: str | None = None

    def require_countable(self) -> None:
        """Guard a report.

        Raises:
            WindowReversed, WindowTooWide: there is nothing between the moments, or too much.
        """
        if self.until <= self.since:
            raise WindowReversed
        most = DAYS if self.client_id is None else DAYS_OF_ONE
        if self.until - self.since > timedelta(days=most):
            raise WindowTooWide(days=DAYS, days_of_one=DAYS_OF_ONE)

    def conditions(self) -> Iterator[sa.ColumnElement[bool]]:
        """Give what a reading must be."""
        yield sa.and_(col(Access.at) >= self.since, col(Access.at) < self.until)
        for name in READER:
            if (asked := getattr(self, name)) is not None:
                yield col(getattr(Access, name)) == asked


@dataclass(frozen=True)
class Exposed:
    """What one reader saw: how many readings, of how many families."""

    organisation: str
    client_id: str
    actor: str
    readings: int
    families: int


@dataclass(frozen=True)
class ExposedFamily:
    """A family that was read, how often, first and last."""

    household_id: UUID
    readings: int
    first_at: datetime
    last_at: datetime


async def of_family(
    session: AsyncSession, household_id: UUID, *, before: UUID | None, limit: int
) -> Sequence[Access]:
    """Return the readings of a family, the newest first."""
    # Materialised: else the planner may walk the whole ledger backwards, hoping to meet the family.
    readings = (
        sa.select(Access)
        .where(col(Access.household_ids).contains([household_id]))
        .cte("readings")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    found = sa.orm.aliased(Access, readings)
    query = select(found).order_by(col(found.id).desc()).limit(limit)
    if before is not None:
        query = query.where(col(found.id) < before)
    return (await session.exec(query)).all()


async def exposed(session: AsyncSession, window: Window) -> Sequence[Exposed]:
    """Return what each reader saw, those who saw most first."""
    connection = await _roomy(session)
    by = [col(getattr(Access, name)) for name in READER]
    readings = sa.select(*by, sa.func.count().label("readings")).where(*window.conditions())
    seen = _seen(window)
    each = sa.select(*(seen.c[name] for name in READER), seen.c.household_id).distinct().subquery()
    seen_by = [each.c[name] for name in READER]
    families = sa.select(*seen_by, sa.func.count().label("families")).group_by(*seen_by)
    # Two statements: joined, the planner takes the families anew for each reader.
    known = {row[:3]: row.families for row in await connection.execute(families)}
    rows = await connection.execute(readings.group_by(*by).limit(MOST_READERS))
    found = [Exposed(**row._mapping, families=known.get(row[:3], 0)) for row in rows]
    return sorted(found, key=lambda reader: (-reader.families, -reader.readings))


async def count_families(session: AsyncSession, window: Window) -> int:
    """Return how many families were read, each once."""
    each = sa.select(_seen(window).c.household_id).distinct().subquery()
    connection = await _roomy(session)
    return (await connection.execute(sa.select(sa.func.count()).select_from(each))).scalar_one()


async def fields_read(session: AsyncSession, window: Window) -> list[str]:
    """Return every field that was read."""
    sets = sa.select(col(Access.fields)).where(*window.conditions()).distinct().subquery()
    query = sa.select(sa.func.unnest(sets.c.fields).label("field")).distinct().order_by("field")
    connection = await session.connection()
    return list((await connection.execute(query)).scalars())


async def exposed_families(
    session: AsyncSession, window: Window, *, after: UUID | None, limit: int
) -> Sequence[ExposedFamily]:
    """Return the families that were read, in the order of their ids."""
    seen = _seen(window)
    query = sa.select(
        seen.c.household_id,
        sa.func.count().label("readings"),
        sa.func.min(seen.c.at).label("first_at"),
        sa.func.max(seen.c.at).label("last_at"),
    ).group_by(seen.c.household_id)
    if after is not None:
        query = query.where(seen.c.household_id > after)
    connection = await _roomy(session)
    rows = await connection.execute(query.order_by(seen.c.household_id).limit(limit))
    return [ExposedFamily(**row._mapping) for row in rows]


def _seen(window: Window) -> sa.Subquery:
    household_id = sa.func.unnest(col(Access.household_ids)).label("household_id")
    by = [col(getattr(Access, name)) for name in READER]
    return sa.select(*by, col(Access.at), household_id).where(*window.conditions()).subquery()


async def _roomy(session: AsyncSession) -> AsyncConnection:
    """Return the connection with memory to count millions of families without sorting on disk."""
    connection = await session.connection()
    await connection.execute(ROOM)
    return connection
