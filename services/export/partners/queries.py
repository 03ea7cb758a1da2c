"""Everything we ask of partners and their contracts."""

from datetime import date
from functools import lru_cache
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kernel.auth import Actor
from kernel.pagination import PageRequest, Rows
from services.export.partners.models import Contract, Partner
from services.export.partners.problems import PartnerNotFound

COMPANIES = ("partner", "provider")


def is_company(actor: Actor) -> bool:
    """Tell whether the actor is a company's client: it sees its own organisation's rows alone."""
    return actor.kind in COMPANIES


@lru_cache(maxsize=1024)  # building a condition costs more than the query
def visible_to(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition on `Partner` that a company's client meets with its own alone."""
    if not is_company(actor):
        return sa.true()
    return col(Partner.organisation) == actor.organisation


async def get(session: AsyncSession, partner_id: UUID, *, actor: Actor) -> Partner:
    """Return the partner.

    Raises:
        PartnerNotFound: there is none that `actor` may see.
    """
    query = select(Partner).where(col(Partner.id) == partner_id, visible_to(actor))
    partner = (await session.exec(query)).one_or_none()
    if partner is None:
        raise PartnerNotFound(partner_id=partner_id)
    return partner


async def list_(
    session: AsyncSession, page: PageRequest, *, actor: Actor, code: str | None
) -> Rows[Partner]:
    """Return the partners that `actor` may see."""
    query = select(Partner).where(visible_to(actor))
    if code is not None:
        query = query.where(col(Partner.code) == code)
    return await page.rows(session, query, Partner)


async def list_contracts(
    session: AsyncSession, page: PageRequest, *, partner_id: UUID
) -> Rows[Contract]:
    """Return a partner's contracts."""
    query = select(Contract).where(col(Contract.partner_id) == partner_id)
    return await page.rows(session, query, Contract)


async def find_contract(session: AsyncSession, partner_id: UUID, *, on: date) -> Contract | None:
    """Return the partner's contract in force on a day; of several, the one that began last."""
    query = (
        select(Contract)
        .where(
            col(Contract.partner_id) == partner_id,
            col(Contract.valid_from) <= on,
            sa.or_(col(Contract.valid_until).is_(None), col(Contract.valid_until) >= on),
        )
        .order_by(col(Contract.valid_from).desc(), col(Contract.id).desc())
        .limit(1)
    )
    return (await session.exec(query)).one_or_none()
