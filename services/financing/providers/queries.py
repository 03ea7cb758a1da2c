"""What we ask of the lenders' tables."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import Mapped
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kernel.auth import Actor
from kernel.pagination import PageRequest, Rows
from services.financing.providers.models import Provider, ProviderProduct
from services.financing.providers.problems import ProductNotFound, ProviderNotFound

MOST_PRODUCTS = 200


async def get(session: AsyncSession, provider_id: UUID) -> Provider:
    """Return a lender."""
    provider = await session.get(Provider, provider_id)
    if provider is None:
        raise ProviderNotFound(provider_id=provider_id)
    return provider


async def find_taken(session: AsyncSession, *, code: str, organisation: str) -> Provider | None:
    """Return the lender that has this code or organisation already."""
    same = or_(col(Provider.code) == code, col(Provider.organisation) == organisation)
    return (await session.exec(select(Provider).where(same).limit(1))).first()


async def list_(session: AsyncSession, *, page: PageRequest) -> Rows[Provider]:
    """Return lenders."""
    return await page.rows(session, select(Provider), Provider)


async def get_product(session: AsyncSession, provider_id: UUID, code: str) -> ProviderProduct:
    """Return a lender's product."""
    product = await find_product(session, provider_id, code)
    if product is None:
        raise ProductNotFound(product_code=code)
    return product


async def find_product(
    session: AsyncSession, provider_id: UUID, code: str
) -> ProviderProduct | None:
    """Return a lender's product, if it has it."""
    query = select(ProviderProduct).where(
        ProviderProduct.provider_id == provider_id, ProviderProduct.code == code
    )
    return (await session.exec(query)).one_or_none()


async def products_of(session: AsyncSession, provider_id: UUID) -> Sequence[ProviderProduct]:
    """Return a lender's products, by code."""
    query = select(ProviderProduct).where(ProviderProduct.provider_id == provider_id)
    ordered = query.order_by(col(ProviderProduct.code)).limit(MOST_PRODUCTS)
    return (await session.exec(ordered)).all()


async def find_of(session: AsyncSession, actor: Actor) -> Provider | None:
    """Return the lender that the actor acts for, if it acts for one."""
    if actor.kind != "provider":
        return None
    query = select(Provider).where(Provider.organisation == actor.organisation)
    return (await session.exec(query)).one_or_none()


def acts_for(provider_id: Mapped[UUID], actor: Actor) -> ColumnElement[bool]:
    """Match the rows of the lender that the actor acts for; of none, if it acts for none."""
    own = select(col(Provider.id)).where(
        Provider.organisation == actor.organisation, actor.kind == "provider"
    )
    return provider_id.in_(own)
