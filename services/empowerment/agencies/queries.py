"""What is asked of agencies, agreements, and the progress of these."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kernel.pagination import PageRequest, Rows
from services.empowerment.agencies.models import (
    Achievement,
    Agency,
    Agreement,
    Metric,
    Per,
    Succession,
    Target,
)
from services.empowerment.agencies.problems import AgencyNotFound, AgreementNotFound


@dataclass(frozen=True)
class Progress:
    """A target, and how many families were reached: since signing, or in the year asked for."""

    metric: Metric
    per: Per
    value: int
    reached: int


async def get(session: AsyncSession, agency_id: UUID, *, lock: bool = False) -> Agency:
    """Return an agency; raises AgencyNotFound."""
    agency = await session.get(Agency, agency_id, with_for_update=lock or None)
    if agency is None:
        raise AgencyNotFound(agency=agency_id)
    return agency


async def find(session: AsyncSession, code: str) -> Agency | None:
    """Return the agency that ever had this code."""
    return (await session.exec(select(Agency).where(Agency.code == code))).one_or_none()


async def get_active(session: AsyncSession, code: str, *, on: date) -> Agency:
    """Return the agency with this code; raises AgencyNotFound unless it existed on that day."""
    query = select(Agency).where(Agency.code == code, _valid(on))
    agency = (await session.exec(query)).one_or_none()
    if agency is None:
        raise AgencyNotFound(agency=code)
    return agency


async def list_(
    session: AsyncSession, page: PageRequest, *, on: date | None, code: str | None
) -> Rows[Agency]:
    """Return agencies, those of one day if given."""
    query = select(Agency)
    query = query.where(_valid(on)) if on else query
    query = query.where(Agency.code == code) if code else query
    return await page.rows(session, query, Agency)


async def successors(session: AsyncSession, agency_ids: Sequence[UUID]) -> Mapping[UUID, list[str]]:
    """Return the codes of the agencies that took over, by the agency they took over from."""
    query = (
        select(Succession.agency_id, Agency.code)
        .join(Agency, col(Agency.id) == col(Succession.successor_id))
        .where(col(Succession.agency_id).in_(agency_ids))
        .order_by(Agency.code)
    )
    found: dict[UUID, list[str]] = {agency_id: [] for agency_id in agency_ids}
    for agency_id, code in (await session.exec(query)).all():
        found[agency_id].append(code)
    return found


async def get_agreement(session: AsyncSession, agreement_id: UUID) -> Agreement:
    """Return an agreement; raises AgreementNotFound."""
    agreement = await session.get(Agreement, agreement_id)
    if agreement is None:
        raise AgreementNotFound(agreement_id=agreement_id)
    return agreement


async def find_agreement(session: AsyncSession, number: str) -> Agreement | None:
    """Return the agreement with this number."""
    return (await session.exec(select(Agreement).where(Agreement.number == number))).one_or_none()


async def list_agreements(
    session: AsyncSession, page: PageRequest, *, number: str | None
) -> Rows[Agreement]:
    """Return agreements."""
    query = select(Agreement)
    query = query.where(Agreement.number == number) if number else query
    return await page.rows(session, query, Agreement)


async def progress(session: AsyncSession, agreement: Agreement, *, year: int) -> list[Progress]:
    """Return how far each target of an agreement has come."""
    query = select(Target).where(Target.agreement_id == agreement.id)
    targets = (await session.exec(query.order_by(col(Target.metric), col(Target.per)))).all()
    return [
        Progress(
            metric=target.metric,
            per=target.per,
            value=target.value,
            reached=await _reached(session, target, since=agreement.signed_on, year=year),
        )
        for target in targets
    ]


async def _reached(session: AsyncSession, target: Target, *, since: date, year: int) -> int:
    query = select(sa.func.count(sa.distinct(col(Achievement.household_id)))).where(
        Achievement.metric == target.metric,
        col(Achievement.undone).is_(False),
        col(Achievement.achieved_on) >= since,
    )
    if target.per is Per.YEAR:
        first, last = date(year, 1, 1), date(year, 12, 31)
        query = query.where(col(Achievement.achieved_on).between(first, last))
    return (await session.exec(query)).one()


def _valid(on: date) -> sa.ColumnElement[bool]:
    ended = sa.func.coalesce(col(Agency.valid_until) <= on, False)
    return sa.and_(col(Agency.valid_from) <= on, sa.not_(ended))
