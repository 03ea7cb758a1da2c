"""What partners can order, and what makers are paid for it."""

import pytest

from tests.export.trade import WASTE_BASKET, Trade, problem_of
from tests.world import Json


def idr(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "IDR"}


async def test_a_product_is_recorded_read_and_found_by_its_sku(trade: Trade) -> None:
    basket = await trade.product()
    await trade.product(sku="WB-40")

    shown = await trade.export.read(f"/v1/products/{basket['id']}")
    found = await trade.export.read("/v1/products", params={"sku": "WB-30"})

    assert shown == basket
    assert {name: basket[name] for name in WASTE_BASKET} == WASTE_BASKET
    assert found["items"] == [basket]


async def test_a_maker_may_be_paid_exactly_the_minimum(trade: Trade) -> None:
    basket = await trade.product(piece_rate=idr("25000.00"))

    assert basket["piece_rate"] == basket["minimum_piece_rate"]


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({}, 409, "EXP-0202"),
        ({"piece_rate": idr("24999.99")}, 400, "EXP-0203"),
        ({"piece_rate": {"amount": "30000", "currency": "USD"}}, 400, "EXP-0204"),
        ({"materials": WASTE_BASKET["materials"] * 2}, 400, "EXP-0205"),
        ({"piece_rate": idr("0")}, 422, "KER-0009"),
        ({"piece_rate": idr("30000.005")}, 422, "KER-0009"),
        ({"length_mm": 0}, 422, "KER-0009"),
        ({"materials": []}, 422, "KER-0009"),
    ],
)
async def test_a_product_that_cannot_be_is_refused(
    trade: Trade, changed: dict[str, Json], status: int, code: str
) -> None:
    await trade.product()

    refused = await trade.export.post("/v1/products", {**WASTE_BASKET, **changed})

    assert problem_of(refused) == (status, code)


async def test_an_unknown_product_is_not_found(trade: Trade) -> None:
    unknown = await trade.export.get("/v1/products/01890000-0000-7000-8000-000000000000")

    assert problem_of(unknown) == (404, "EXP-0201")
