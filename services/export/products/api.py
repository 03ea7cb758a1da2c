"""Products, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import AfterValidator, Field

from kernel.fields import Code, Name
from kernel.money import Money
from kernel.pagination import Page, PageQuery, Rows
from kernel.web import Body, Uow, View, slice_router
from services.export.products import actions, queries
from services.export.products.access import MayRead, MayWrite
from services.export.products.models import Product, ProductMaterial
from services.export.products.problems import PieceRatesInTwoCurrencies

router = slice_router("/products", tag="products")

MAX_PIECE_RATE = 10_000_000
Millimetres = Annotated[int, Field(ge=1, le=10_000)]
Grams = Annotated[int, Field(ge=1, le=1_000_000)]


def _payable(rate: Money) -> Money:
    if not 0 < rate.amount <= MAX_PIECE_RATE:
        raise ValueError(f"more than 0, at most {MAX_PIECE_RATE}")
    return rate


PieceRate = Annotated[Money, AfterValidator(_payable)]


class MaterialUse(Body):
    """How much of a raw material one piece takes, in grams."""

    material: Name
    grams_per_piece: Grams


class ProductIn(Body):
    """A product to record; `skill` is what a maker must have learned."""

    sku: Code
    name: Name
    length_mm: Millimetres
    width_mm: Millimetres
    height_mm: Millimetres
    weight_grams: Grams
    hs_code: Annotated[str, Field(pattern=r"^\d{4}\.?\d{2}(\.?\d{2}){0,2}$", examples=["4602.19"])]
    skill: Name
    materials: Annotated[list[MaterialUse], Field(min_length=1, max_length=20)]
    piece_rate: PieceRate
    minimum_piece_rate: PieceRate
    minutes_per_piece: Annotated[int, Field(ge=1, le=10_000)]

    def row(self) -> Product:
        """Return the product to record.

        Raises:
            PieceRatesInTwoCurrencies: the rate and its minimum cannot be compared.
        """
        if self.piece_rate.currency != self.minimum_piece_rate.currency:
            raise PieceRatesInTwoCurrencies
        return Product(
            **self.model_dump(exclude={"materials", "piece_rate", "minimum_piece_rate"}),
            currency=self.piece_rate.currency,
            piece_rate_amount=self.piece_rate.amount,
            minimum_piece_rate_amount=self.minimum_piece_rate.amount,
            materials=[ProductMaterial(**each.model_dump()) for each in self.materials],
        )


class MaterialUsed(View):
    """How much of a raw material one piece takes, in grams."""

    material: str
    grams_per_piece: int


class ProductOut(View):
    """A product as recorded."""

    id: UUID
    version: int
    sku: str
    name: str
    length_mm: int
    width_mm: int
    height_mm: int
    weight_grams: int
    hs_code: str
    skill: str
    materials: list[MaterialUsed]
    piece_rate: Money
    minimum_piece_rate: Money
    minutes_per_piece: int


@router.post("", status_code=201, response_model=ProductOut)
async def record_product(body: ProductIn, _: MayWrite, uow: Uow, response: Response) -> Product:
    """Record a product."""
    product = body.row()
    await actions.record(uow, product)
    response.headers["Location"] = f"/v1/products/{product.id}"
    return product


@router.get("/{product_id}", response_model=ProductOut)
async def read_product(product_id: UUID, _: MayRead, uow: Uow) -> Product:
    """Show a product."""
    return await queries.get(uow.session, product_id)


@router.get("", response_model=Page[ProductOut])
async def list_products(
    _: MayRead, uow: Uow, page: PageQuery, sku: Annotated[str | None, Query(max_length=64)] = None
) -> Rows[Product]:
    """List products."""
    return await queries.list_(uow.session, page, sku=sku)
