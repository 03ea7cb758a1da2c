"""From a partner's draft to the last open matter."""

import asyncio
from uuid import UUID

import pytest

from contracts.export import (
    MaterialDemanded,
    OrderAccepted,
    OrderCancelled,
    OrderRejected,
    OrderSubmitted,
)
from tests.export.trade import ACCEPTED, DUE, ORDERED, Trade, problem_of
from tests.people import OOA, OTHER_PARTNER
from tests.world import Json


async def test_an_order_is_placed_as_a_draft(trade: Trade) -> None:
    ooa, basket = await trade.partner(), await trade.product()

    order = await trade.draft(ooa, trade.line(basket, 12_422))

    assert (order["state"], order["materials"]) == ("draft", [])
    assert order["totals"]["pieces"] == 12_422
    assert order["totals"]["value"] == {"amount": "1099968100.00", "currency": "IDR"}
    assert await trade.export.read(f"/v1/orders/{order['id']}") == order


async def test_an_order_sent_again_under_its_key_is_placed_once(trade: Trade) -> None:
    ooa, basket = await trade.partner(), await trade.product()
    body = trade.order_of(ooa, trade.line(basket, 10))

    first = await trade.export.post("/v1/orders", body, key="PO-1")
    again = await trade.export.post("/v1/orders", body, key="PO-1")

    assert first.headers["location"] == f"/v1/orders/{first.json()['id']}"
    assert (again.json(), again.headers["idempotency-replayed"]) == (first.json(), "true")


async def test_a_partners_number_is_unique_for_that_partner(trade: Trade) -> None:
    ooa, basket = await trade.partner(), await trade.product()
    rattan = await trade.partner("ROTAN", organisation="rattan")
    body = trade.order_of(ooa, trade.line(basket, 10))

    answers = await asyncio.gather(*(trade.export.post("/v1/orders", body) for _ in range(8)))
    other = await trade.draft(rattan, trade.line(basket, 10))

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"EXP-0303"}
    assert other["partner_order_number"] == "PO-1"


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"partner_id": str(UUID(int=1))}, 404, "EXP-0101"),
        ({"lines": []}, 422, "KER-0009"),
        ({"ordered_on": "1999-12-31"}, 422, "KER-0009"),
        ({"ordered_on": DUE}, 400, "EXP-0305"),
    ],
)
async def test_an_order_that_cannot_be_is_refused(
    trade: Trade, changed: dict[str, Json], status: int, code: str
) -> None:
    ooa, basket = await trade.partner(), await trade.product()
    body = trade.order_of(ooa, trade.line(basket, 10))

    refused = await trade.export.post("/v1/orders", {**body, **changed})

    assert problem_of(refused) == (status, code)


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"product_id": str(UUID(int=1))}, 404, "EXP-0201"),
        ({"unit_price": {"amount": "5.50", "currency": "USD"}}, 400, "EXP-0304"),
        ({"unit_price": {"amount": "0", "currency": "IDR"}}, 422, "KER-0009"),
        ({"pieces": 0}, 422, "KER-0009"),
    ],
)
async def test_an_order_with_a_line_that_cannot_be_is_refused(
    trade: Trade, changed: dict[str, Json], status: int, code: str
) -> None:
    ooa, basket = await trade.partner(), await trade.product()
    line = trade.line(basket, 10)

    refused = await trade.export.post("/v1/orders", trade.order_of(ooa, line, {**line, **changed}))

    assert problem_of(refused) == (status, code)


async def test_a_partners_client_sees_and_places_its_own_orders_alone(trade: Trade) -> None:
    ooa, basket = await trade.partner(), await trade.product()
    order = await trade.draft(ooa, trade.line(basket, 10))
    body = trade.order_of(ooa, trade.line(basket, 10), number="PO-2")

    own = await trade.export.read("/v1/orders", as_=OOA)
    others = await trade.export.read("/v1/orders", as_=OTHER_PARTNER)
    read = await trade.export.get(f"/v1/orders/{order['id']}", as_=OTHER_PARTNER)
    moved = await trade.export.post(
        f"/v1/orders/{order['id']}/submit", {"on": ORDERED}, as_=OTHER_PARTNER
    )
    placed = await trade.export.post("/v1/orders", body, as_=OTHER_PARTNER)

    assert ([each["id"] for each in own["items"]], others["items"]) == ([order["id"]], [])
    assert problem_of(read) == problem_of(moved) == (404, "EXP-0301")
    assert problem_of(placed) == (404, "EXP-0101")


async def test_orders_are_found_by_partner_state_and_number(trade: Trade) -> None:
    ooa, basket = await trade.partner(), await trade.product()
    draft = await trade.draft(ooa, trade.line(basket, 10))
    accepted = await trade.accepted(ooa, trade.line(basket, 10), number="PO-2")

    async def found(**filters: str) -> list[str]:
        page = await trade.export.read("/v1/orders", params=filters)
        return [order["id"] for order in page["items"]]

    assert await found(partner_id=ooa["id"]) == [draft["id"], accepted["id"]]
    assert await found(state="accepted") == [accepted["id"]]
    assert await found(partner_order_number="PO-1") == [draft["id"]]
    assert await found(partner_id=str(UUID(int=1))) == []


async def test_submitting_tells_what_is_asked_for(trade: Trade) -> None:
    ooa, basket = await trade.partner(), await trade.product()
    order = await trade.draft(ooa, trade.line(basket, 10))

    submitted = await trade.move(order, "submit", on=ORDERED)

    [told] = await trade.told(OrderSubmitted)
    assert (submitted["state"], submitted["submitted_on"]) == ("submitted", ORDERED)
    assert [(str(line.line_id), line.pieces) for line in told.lines] == [
        (order["lines"][0]["id"], 10)
    ]


async def test_each_line_gets_its_own_answer(trade: Trade) -> None:
    ooa, basket = await trade.partner(), await trade.product()
    order = await trade.draft(ooa, *(trade.line(basket, 100) for _ in range(4)))
    whole, fewer, later, none = (line["id"] for line in order["lines"])
    await trade.move(order, "submit", on=ORDERED)

    answers = [
        {"line_id": none, "answer": "rejected"},
        {"line_id": fewer, "answer": "accepted_with_change", "pieces": 60},
        {"line_id": whole, "answer": "accepted"},
        {"line_id": later, "answer": "accepted_with_change", "due_on": "2025-09-30"},
    ]

    accepted = await trade.move(order, "accept", accepted_on=ACCEPTED, answers=answers)

    [told] = await trade.told(OrderAccepted)
    assert [line["accepted_pieces"] for line in accepted["lines"]] == [100, 60, 100, 0]
    assert [line["accepted_due_on"] for line in accepted["lines"][:3]] == [DUE, DUE, "2025-09-30"]
    assert accepted["totals"] == {
        "ordered_pieces": 400,
        "pieces": 260,
        "value": {"amount": "23023000.00", "currency": "IDR"},
    }
    assert [str(line.line_id) for line in told.lines] == [whole, fewer, later]


async def test_an_accepted_order_asks_the_villages_for_its_material(trade: Trade) -> None:
    ooa, basket = await trade.partner(), await trade.product()
    lines = (trade.line(basket, 10), trade.line(basket, 3, due_on="2025-07-31"))

    order = await trade.accepted(ooa, *lines)

    told = await trade.told(MaterialDemanded)
    assert [(each.material, each.kilograms) for each in told] == [
        ("eceng gondok", 10),  # 13 x 750 g = 9.750 kg
        ("mendong", 2),  # 13 x 151 g = 1.963 kg
    ]
    assert {each.needed_by.isoformat() for each in told} == {"2025-07-31"}
    assert [each["id"] for each in order["materials"]] == [str(each.demand_id) for each in told]


@pytest.mark.parametrize(
    ("answers", "status", "code"),
    [
        ([("first", "accepted", {})], 400, "EXP-0306"),
        ([("first", "accepted", {}), ("first", "accepted", {})], 400, "EXP-0306"),
        ([("first", "accepted", {}), ("other", "accepted", {})], 400, "EXP-0306"),
        ([("first", "accepted", {"pieces": 5}), ("second", "accepted", {})], 400, "EXP-0307"),
        ([("first", "accepted_with_change", {}), ("second", "accepted", {})], 400, "EXP-0307"),
        ([("first", "rejected", {"due_on": DUE}), ("second", "accepted", {})], 400, "EXP-0307"),
        ([("first", "rejected", {}), ("second", "rejected", {})], 409, "EXP-0308"),
        ([("first", "perhaps", {}), ("second", "accepted", {})], 422, "KER-0009"),
    ],
)
async def test_answers_that_do_not_fit_the_lines_are_refused(
    trade: Trade, answers: list[tuple[str, str, dict[str, Json]]], status: int, code: str
) -> None:
    ooa, basket = await trade.partner(), await trade.product()
    order = await trade.draft(ooa, trade.line(basket, 10), trade.line(basket, 20))
    await trade.move(order, "submit", on=ORDERED)
    ids = {"first": order["lines"][0]["id"], "second": order["lines"][1]["id"]}
    given = [
        {"line_id": ids.get(line, str(UUID(int=1))), "answer": answer, **change}
        for line, answer, change in answers
    ]

    refused = await trade.export.post(
        f"/v1/orders/{order['id']}/accept", {"accepted_on": ACCEPTED, "answers": given}
    )

    assert problem_of(refused) == (status, code)
    assert await trade.told(OrderAccepted) == []


async def test_an_order_is_rejected_or_cancelled_with_a_reason(trade: Trade) -> None:
    ooa, basket = await trade.partner(), await trade.product()
    first = await trade.draft(ooa, trade.line(basket, 10))
    second = await trade.accepted(ooa, trade.line(basket, 10), number="PO-2")
    await trade.move(first, "submit", on=ORDERED)

    rejected = await trade.move(first, "reject", on=ACCEPTED, reason="No capacity")
    cancelled = await trade.move(second, "cancel", on=ACCEPTED, reason="Buyer withdrew")

    assert (rejected["state"], rejected["ended_on"]) == ("rejected", ACCEPTED)
    assert (cancelled["state"], cancelled["reason"]) == ("cancelled", "Buyer withdrew")
    assert [str(told.order_id) for told in await trade.told(OrderRejected)] == [rejected["id"]]
    assert [str(told.order_id) for told in await trade.told(OrderCancelled)] == [cancelled["id"]]


async def test_fifty_acceptances_at_once_accept_once(trade: Trade) -> None:
    ooa, basket = await trade.partner(), await trade.product()
    order = await trade.draft(ooa, trade.line(basket, 10))
    await trade.move(order, "submit", on=ORDERED)
    answers = [{"line_id": order["lines"][0]["id"], "answer": "accepted"}]
    body = {"accepted_on": ACCEPTED, "answers": answers}

    given = await asyncio.gather(
        *(trade.export.post(f"/v1/orders/{order['id']}/accept", body) for _ in range(50))
    )

    assert sorted(answer.status_code for answer in given) == [200] + [409] * 49
    assert len(await trade.told(OrderAccepted)) == 1
