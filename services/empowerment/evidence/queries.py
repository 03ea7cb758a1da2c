"""What is known of families on a day: each fact in one statement for all of them."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kernel.auth import Actor
from kernel.pagination import PageRequest, Rows
from services.empowerment.areas import visible
from services.empowerment.candidates.models import Candidate
from services.empowerment.evidence.facts import (
    REMEMBERED_MONTHS,
    Evidence,
    Verification,
    months_back,
)
from services.empowerment.evidence.models import IncomeVerification, JudgedWork, PaidSlip
from services.empowerment.groups import queries as groups
from services.empowerment.trainings import queries as trainings


async def evidence_of(
    session: AsyncSession, families: Sequence[Candidate], *, on: date
) -> Mapping[UUID, Evidence]:
    """Return what is known of each of these families on a day."""
    ids = [family.id for family in families]
    paid = await _paid(session, ids, on=on)
    verified = await _verified(session, ids, on=on)
    judged = await _judged(session, ids, on=on)
    passed = await trainings.passed_by(session, ids, on=on)
    in_groups = await groups.groups_of(session, ids, on=on)
    return {
        family.id: Evidence(
            on=on,
            paid=paid.get(family.id, {}),
            verified=verified.get(family.id, ()),
            accepted_pieces=judged.get(family.id, (0, 0))[0],
            rejected_pieces=judged.get(family.id, (0, 0))[1],
            trainings_passed=passed.get(family.id, 0),
            in_group=family.id in in_groups,
            decile=family.decile,
        )
        for family in families
    }


async def _paid(
    session: AsyncSession, household_ids: Sequence[UUID], *, on: date
) -> Mapping[UUID, Mapping[date, Decimal]]:
    month = sa.cast(sa.func.date_trunc("month", col(PaidSlip.paid_on)), sa.Date).label("month")
    query = (
        select(PaidSlip.household_id, month, sa.func.sum(col(PaidSlip.amount)))
        .where(
            col(PaidSlip.household_id).in_(household_ids),
            PaidSlip.currency == "IDR",
            col(PaidSlip.paid_on).between(_remembered_since(on), on),
        )
        .group_by(col(PaidSlip.household_id), month)
    )
    found: dict[UUID, dict[date, Decimal]] = {}
    for household_id, first_of_month, amount in (await session.exec(query)).all():
        found.setdefault(household_id, {})[first_of_month] = amount
    return found


async def _verified(
    session: AsyncSession, household_ids: Sequence[UUID], *, on: date
) -> Mapping[UUID, list[Verification]]:
    """Return the latest verification of each source of income."""
    family, source = col(IncomeVerification.household_id), col(IncomeVerification.source)
    query = (
        select(IncomeVerification)
        .where(
            family.in_(household_ids),
            col(IncomeVerification.verified_on).between(_remembered_since(on), on),
        )
        .ext(distinct_on(family, source))
        .order_by(
            family,
            source,
            col(IncomeVerification.verified_on).desc(),
            col(IncomeVerification.id).desc(),
        )
    )
    found: dict[UUID, list[Verification]] = {}
    for each in (await session.exec(query)).all():
        verification = Verification(monthly=each.monthly_idr, months=each.months)
        found.setdefault(each.household_id, []).append(verification)
    return found


async def _judged(
    session: AsyncSession, household_ids: Sequence[UUID], *, on: date
) -> Mapping[UUID, tuple[int, int]]:
    query = (
        select(
            JudgedWork.household_id,
            sa.func.sum(col(JudgedWork.accepted_pieces)),
            sa.func.sum(col(JudgedWork.rejected_pieces)),
        )
        .where(
            col(JudgedWork.household_id).in_(household_ids),
            col(JudgedWork.earned_on).between(_remembered_since(on), on),
        )
        .group_by(col(JudgedWork.household_id))
    )
    rows = (await session.exec(query)).all()
    return {household_id: (accepted, rejected) for household_id, accepted, rejected in rows}


def _remembered_since(on: date) -> date:
    return months_back(on, REMEMBERED_MONTHS - 1)


async def find_verification(
    session: AsyncSession, document_number: str
) -> IncomeVerification | None:
    """Return the verification that this document proves."""
    query = select(IncomeVerification).where(IncomeVerification.document_number == document_number)
    return (await session.exec(query)).one_or_none()


async def list_verifications(
    session: AsyncSession, page: PageRequest, *, actor: Actor, household_id: UUID
) -> Rows[IncomeVerification]:
    """Return a family's verifications."""
    family = col(Candidate.id) == col(IncomeVerification.household_id)
    query = select(IncomeVerification).join(Candidate, family)
    query = query.where(
        IncomeVerification.household_id == household_id,
        visible(col(Candidate.desa_code), actor),
    )
    return await page.rows(session, query, IncomeVerification)
