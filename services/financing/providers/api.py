"""Lenders and their products over HTTP."""

from typing import Literal
from uuid import UUID

from fastapi import Response
from pydantic import Field

from kernel.fields import Code, Name
from kernel.money import Money
from kernel.pagination import Page, PageQuery, Rows
from kernel.web import Body, Uow, View, slice_router
from services.financing.providers import queries
from services.financing.providers.access import MayRead, MayWrite
from services.financing.providers.models import Provider, ProviderKind, ProviderProduct
from services.financing.providers.problems import BoundsReversed, ProductExists, ProviderExists

router = slice_router("/providers", tag="providers")


class ProviderIn(Body):
    """A lender."""

    code: Code
    name: Name
    organisation: Code
    kind: ProviderKind


class ProviderOut(View):
    """A lender."""

    id: UUID
    version: int
    code: str
    name: str
    organisation: str
    kind: ProviderKind


class RuleIn(Body):
    """One condition of a product; `value` is a number where the rule needs one."""

    rule: Literal["adult_woman", "group_member", "paid_months_at_least"]
    value: int = Field(default=1, ge=0, le=1000)


class RuleOut(View):
    """One condition of a product."""

    rule: str
    value: int


class ProductIn(Body):
    """A credit product."""

    code: Code
    name: Name
    rules: list[RuleIn] = Field(max_length=20)
    minimum: Money
    maximum: Money


class ProductOut(View):
    """A credit product."""

    id: UUID
    provider_id: UUID
    code: str
    name: str
    rules: list[RuleOut]
    minimum: Money = Field(validation_alias="minimum_money")
    maximum: Money = Field(validation_alias="maximum_money")


class ProductsOut(View):
    """A lender's products."""

    items: list[ProductOut]


@router.post("", status_code=201, response_model=ProviderOut)
async def record_provider(
    body: ProviderIn, actor: MayWrite, uow: Uow, response: Response
) -> Provider:
    """Record a lender; its code and organisation are unique."""
    if await queries.find_taken(uow.session, code=body.code, organisation=body.organisation):
        raise ProviderExists(code_given=body.code)
    provider = Provider(**body.model_dump())
    uow.add(provider)
    response.headers["Location"] = f"/v1/providers/{provider.id}"
    return provider


@router.get("", response_model=Page[ProviderOut])
async def list_providers(actor: MayRead, uow: Uow, page: PageQuery) -> Rows[Provider]:
    """List lenders."""
    return await queries.list_(uow.session, page=page)


@router.get("/{provider_id}", response_model=ProviderOut)
async def get_provider(provider_id: UUID, actor: MayRead, uow: Uow) -> Provider:
    """Show a lender."""
    return await queries.get(uow.session, provider_id)


@router.post("/{provider_id}/products", status_code=201, response_model=ProductOut)
async def record_product(
    provider_id: UUID, body: ProductIn, actor: MayWrite, uow: Uow
) -> ProviderProduct:
    """Record a credit product with its bounds (IDR) and rules."""
    provider = await queries.get(uow.session, provider_id)
    if await queries.find_product(uow.session, provider.id, body.code):
        raise ProductExists(code_given=body.code)
    product = _product(provider, body)
    uow.add(product)
    return product


@router.get("/{provider_id}/products", response_model=ProductsOut)
async def list_products(
    provider_id: UUID, actor: MayRead, uow: Uow
) -> dict[str, list[ProviderProduct]]:
    """List a lender's products."""
    provider = await queries.get(uow.session, provider_id)
    return {"items": list(await queries.products_of(uow.session, provider.id))}


def _product(provider: Provider, body: ProductIn) -> ProviderProduct:
    if {body.minimum.currency, body.maximum.currency} != {"IDR"}:
        raise BoundsReversed
    if not 0 < body.minimum.amount <= body.maximum.amount:
        raise BoundsReversed
    return ProviderProduct(
        provider_id=provider.id,
        code=body.code,
        name=body.name,
        rules=[rule.model_dump() for rule in body.rules],
        minimum=body.minimum.amount,
        maximum=body.maximum.amount,
    )
