"""Amounts of money: exact, with their currency, never a float."""

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer


def _two_places(amount: Decimal) -> Decimal:
    if amount != amount.quantize(Decimal("0.01")):
        raise ValueError("at most two decimal places")
    return amount.quantize(Decimal("0.01"))


Amount = Annotated[
    Decimal,
    Field(max_digits=18, allow_inf_nan=False),
    AfterValidator(_two_places),
    PlainSerializer(lambda amount: f"{amount:.2f}", return_type=str),
]


class Money(BaseModel):
    """An amount with two decimals in one ISO 4217 currency; written as a string in JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    amount: Amount
    currency: str = Field(default="IDR", pattern="^[A-Z]{3}$")

    def __add__(self, other: "Money") -> "Money":
        return Money(amount=self.amount + self._same(other), currency=self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(amount=self.amount - self._same(other), currency=self.currency)

    def __mul__(self, pieces: int) -> "Money":
        return Money(amount=self.amount * pieces, currency=self.currency)

    def _same(self, other: "Money") -> Decimal:
        if other.currency != self.currency:
            raise ValueError(f"cannot combine {self.currency} with {other.currency}")
        return other.amount


def rupiah(amount: int | Decimal) -> Money:
    """Return an amount in Indonesian rupiah (IDR)."""
    return Money(amount=Decimal(amount))
