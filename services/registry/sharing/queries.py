"""Everything we ask of the agreements."""

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kernel.pagination import PageRequest, Rows
from services.registry.sharing.lifecycle import State
from services.registry.sharing.models import Agreement, Terms
from services.registry.sharing.problems import AgreementNotFound, NumberTaken, TermsNotProposed

MOST_AGREEMENTS = 100


async def in_force_with(session: AsyncSession, organisation: str, *, on: date) -> Sequence[Terms]:
    """Return the terms that hold with an organisation on a day, those in force last first."""
    query = (
        select(Terms)
        .join(Agreement, col(Agreement.id) == col(Terms.agreement_id))
        .where(Agreement.state == State.IN_FORCE, Agreement.in_force == Terms.number)
        .where(col(Terms.parties).contains([organisation]))
        .where(Terms.starts_on <= on, Terms.ends_on >= on)
        .order_by(col(Agreement.in_force_since).desc(), col(Agreement.id))
    )
    return (await session.exec(query.limit(MOST_AGREEMENTS))).all()


async def get(
    session: AsyncSession,
    agreement_id: UUID,
    *,
    party: str | None = None,
    for_change: bool = False,
) -> Agreement:
    """Return an agreement, locked until the transaction ends when it is `for_change`.

    Raises:
        AgreementNotFound: there is none, or none that names the `party`.
    """
    query = select(Agreement).where(Agreement.id == agreement_id, *_naming(party))
    if for_change:
        query = query.with_for_update()
    found = (await session.exec(query)).one_or_none()
    if found is None:
        raise AgreementNotFound(agreement_id=str(agreement_id))
    return found


async def get_terms(session: AsyncSession, agreement_id: UUID, number: int) -> Terms:
    """Return terms by their number.

    Raises:
        TermsNotProposed: there are none.
    """
    found = await session.get(Terms, (agreement_id, number))
    if found is None:
        raise TermsNotProposed(terms=number)
    return found


async def next_number(session: AsyncSession, agreement_id: UUID) -> int:
    """Return the number of the next terms; the agreement is locked, or new."""
    query = select(sa.func.max(Terms.number)).where(Terms.agreement_id == agreement_id)
    return ((await session.exec(query)).one() or 0) + 1


async def require_new(session: AsyncSession, number: str) -> None:
    """Guard an agreement's number.

    Raises:
        NumberTaken: there is one of it.
    """
    query = select(Agreement.id).where(Agreement.number == number)
    if (await session.exec(query)).first():
        raise NumberTaken(number=number)


async def terms_of(session: AsyncSession, agreement_id: UUID) -> Sequence[Terms]:
    """Return all terms of an agreement, the first ones first."""
    query = select(Terms).where(Terms.agreement_id == agreement_id).order_by(col(Terms.number))
    return (await session.exec(query.limit(1_000))).all()


async def list_(
    session: AsyncSession, page: PageRequest, *, state: State | None, party: str | None
) -> Rows[Agreement]:
    """Return a page of the agreements, the oldest first."""
    query = select(Agreement).where(*_naming(party))
    if state is not None:
        query = query.where(Agreement.state == state)
    return await page.rows(session, query, Agreement)


def _naming(party: str | None) -> Iterator[sa.ColumnElement[bool]]:
    if party is not None:
        named = select(Terms.agreement_id).where(col(Terms.parties).contains([party]))
        yield col(Agreement.id).in_(named)
