"""Everything we ask of products."""

from collections.abc import Iterable
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kernel.pagination import PageRequest, Rows
from services.export.products.models import Product
from services.export.products.problems import ProductNotFound


async def get(session: AsyncSession, product_id: UUID) -> Product:
    """Return the product with its materials.

    Raises:
        ProductNotFound: there is none.
    """
    product = await session.get(Product, product_id)
    if product is None:
        raise ProductNotFound(product_id=product_id)
    return product


async def get_all(session: AsyncSession, product_ids: Iterable[UUID]) -> dict[UUID, Product]:
    """Return the products by id.

    Raises:
        ProductNotFound: one of them does not exist.
    """
    wanted = set(product_ids)
    found = (await session.exec(select(Product).where(col(Product.id).in_(wanted)))).all()
    products = {product.id: product for product in found}
    for missing in wanted - products.keys():
        raise ProductNotFound(product_id=missing)
    return products


async def guard_known(session: AsyncSession, product_ids: Iterable[UUID]) -> None:
    """Guard what names products.

    Raises:
        ProductNotFound: one of them does not exist.
    """
    wanted = set(product_ids)
    found = await session.exec(select(Product.id).where(col(Product.id).in_(wanted)))
    for missing in wanted.difference(found):
        raise ProductNotFound(product_id=missing)


async def get_skill(session: AsyncSession, product_id: UUID) -> str:
    """Return what a maker must have learned to make the product.

    Raises:
        ProductNotFound: there is none.
    """
    skill = (
        await session.exec(select(Product.skill).where(Product.id == product_id))
    ).one_or_none()
    if skill is None:
        raise ProductNotFound(product_id=product_id)
    return skill


async def list_(session: AsyncSession, page: PageRequest, *, sku: str | None) -> Rows[Product]:
    """Return products."""
    query = select(Product)
    if sku is not None:
        query = query.where(col(Product.sku) == sku)
    return await page.rows(session, query, Product)
