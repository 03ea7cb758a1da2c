"""What partners can order: sizes, materials, and what a maker is paid for a piece."""

from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, Relationship, col

from kernel.db import Aggregate
from kernel.money import Money
from services.export.db import Table


class ProductMaterial(Table, table=True):
    """How much of one raw material a piece takes."""

    __tablename__ = "product_material"
    __table_args__ = (sa.CheckConstraint("grams_per_piece > 0", name="grams"),)

    product_id: UUID = Field(foreign_key="product.id", primary_key=True)
    material: str = Field(primary_key=True)
    grams_per_piece: int


class Product(Aggregate, Table, table=True):
    """One kind of goods (a SKU); `skill` is what a maker must have learned to make it."""

    __tablename__ = "product"
    __table_args__ = (
        sa.CheckConstraint("length_mm > 0 AND width_mm > 0 AND height_mm > 0", name="size"),
        sa.CheckConstraint("weight_grams > 0", name="weight"),
        sa.CheckConstraint("minimum_piece_rate_amount > 0", name="minimum_piece_rate"),
        sa.CheckConstraint(
            "piece_rate_amount >= minimum_piece_rate_amount", name="piece_rate_at_least_minimum"
        ),
    )

    sku: str = Field(unique=True)
    name: str
    length_mm: int
    width_mm: int
    height_mm: int
    weight_grams: int
    hs_code: str
    skill: str
    currency: str
    piece_rate_amount: Decimal = Field(sa_type=sa.Numeric(18, 2))
    minimum_piece_rate_amount: Decimal = Field(sa_type=sa.Numeric(18, 2))
    minutes_per_piece: int

    materials: list[ProductMaterial] = Relationship(
        sa_relationship_kwargs={
            "lazy": "selectin",
            "order_by": lambda: col(ProductMaterial.material),
        }
    )

    @property
    def piece_rate(self) -> Money:
        """Return what a maker earns for one accepted piece."""
        return Money(amount=self.piece_rate_amount, currency=self.currency)

    @property
    def minimum_piece_rate(self) -> Money:
        """Return the least that a maker may be paid for one accepted piece."""
        return Money(amount=self.minimum_piece_rate_amount, currency=self.currency)
