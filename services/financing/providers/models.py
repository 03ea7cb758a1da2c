"""Lenders, and the products whose rules decide who may ask."""

from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from kernel.db import Aggregate, state_column
from kernel.money import Money
from services.financing.db import Table


class ProviderKind(StrEnum):
    """What a lender is: PNM is a venture company of the state, LPDB a revolving fund."""

    VENTURA = "ventura"
    BANK = "bank"
    LPDB = "lpdb"


class Provider(Aggregate, Table, table=True):
    """A lender; `organisation` names who acts for it in tokens."""

    code: str = Field(unique=True, max_length=64)
    name: str = Field(max_length=200)
    organisation: str = Field(unique=True, max_length=64)
    kind: ProviderKind = Field(sa_type=state_column(ProviderKind))


class ProviderProduct(Aggregate, Table, table=True):
    """A credit product: its bounds in IDR, and its rules as data."""

    __tablename__ = "provider_product"
    __table_args__ = (
        sa.UniqueConstraint("provider_id", "code", name="uq_provider_product_provider_code"),
        sa.CheckConstraint("minimum > 0 AND minimum <= maximum", name="bounds"),
    )

    provider_id: UUID = Field(foreign_key="provider.id", index=True)
    code: str = Field(max_length=64)
    name: str = Field(max_length=200)
    rules: list[dict[str, str | int]] = Field(sa_type=JSONB)
    minimum: Decimal = Field(max_digits=18, decimal_places=2)
    maximum: Decimal = Field(max_digits=18, decimal_places=2)

    @property
    def minimum_money(self) -> Money:
        """The smallest loan."""
        return Money(amount=self.minimum)

    @property
    def maximum_money(self) -> Money:
        """The largest loan."""
        return Money(amount=self.maximum)
