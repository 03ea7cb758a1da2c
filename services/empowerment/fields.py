"""Types of request fields that several slices of this service share."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from kernel.money import Money

MOST_AT_ONCE = 500


def _each_once(ids: list[UUID]) -> list[UUID]:
    if len(set(ids)) != len(ids):
        raise ValueError("each family once")
    return ids


def _in_rupiah(money: Money) -> Money:
    if money.currency != "IDR" or money.amount <= Decimal(0):
        raise ValueError("a positive amount in IDR")
    return money


HouseholdIds = Annotated[
    list[UUID], Field(min_length=1, max_length=MOST_AT_ONCE), AfterValidator(_each_once)
]
"""Families, each named once."""

Rupiah = Annotated[Money, AfterValidator(_in_rupiah)]
"""More than nothing, in Indonesian rupiah."""

Reason = Annotated[str, Field(min_length=1, max_length=500)]
"""Why, for the people who will read the decision later."""
