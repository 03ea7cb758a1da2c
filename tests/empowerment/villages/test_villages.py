"""One village's orders find another village's mendong."""

import asyncio
from datetime import date
from uuid import UUID

import pytest

from contracts.empowerment import MaterialMatched, MaterialOffered
from contracts.export import MaterialDemanded, OrderCancelled
from kernel.ids import new_id
from kernel.testing.mischief import Order
from tests.empowerment.ministry import KALISALAK, Ministry
from tests.world import Json


async def test_a_demand_of_an_order_finds_supply_in_a_village(ministry: Ministry) -> None:
    offer, demand = await _offer(ministry, 800), await _demand(ministry, 1000)

    match = await _match(ministry, offer["id"], demand, 800)

    assert match.status_code == 201
    (still_open,) = (await ministry.http.read("/v1/material-demands"))["items"]
    assert (still_open["matched_kilograms"], still_open["open_kilograms"]) == (800, 200)
    (offered,) = await ministry.world.published(MaterialOffered)
    (matched,) = await ministry.world.published(MaterialMatched)
    assert (offered.desa_code, matched.kilograms) == (KALISALAK, 800)


async def test_no_offer_is_promised_twice_however_many_ask_at_once(ministry: Ministry) -> None:
    offer = await _offer(ministry, 100)
    demands = [await _demand(ministry, 60) for _ in range(4)]

    answers = await asyncio.gather(
        *(_match(ministry, offer["id"], each, 30) for each in demands for _ in range(2))
    )

    assert sorted(answer.status_code for answer in answers) == [201] * 3 + [409] * 5
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"EMP-0707"}
    shown = await ministry.http.read(f"/v1/supply-offers/{offer['id']}")
    assert (shown["matched_kilograms"], shown["open_kilograms"]) == (90, 10)


async def test_no_demand_is_filled_twice_however_many_offer_at_once(ministry: Ministry) -> None:
    offers = [await _offer(ministry, 100, reference=f"MDG-{nth}") for nth in range(4)]
    demand = await _demand(ministry, 100)

    answers = await asyncio.gather(*(_match(ministry, each["id"], demand, 40) for each in offers))

    assert sorted(answer.status_code for answer in answers) == [201, 201, 409, 409]
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"EMP-0708"}


async def test_another_material_does_not_match(ministry: Ministry) -> None:
    offer = await _offer(ministry, 100)
    demand = await _demand(ministry, 100, material="eceng gondok")

    refused = await _match(ministry, offer["id"], demand, 10)

    assert (refused.status_code, refused.json()["code"]) == (409, "EMP-0706")


@pytest.mark.parametrize("order", ["as sent", "reversed"])
async def test_a_cancelled_order_needs_nothing_whichever_is_told_first(
    ministry: Ministry, order: Order
) -> None:
    order_id = new_id()
    demand_id = await _announce(ministry, order_id, 100)
    cancelled = OrderCancelled(
        order_id=order_id, partner_id=new_id(), cancelled_on=date(2025, 6, 1)
    )
    await ministry.world.announce(cancelled, key=order_id)
    await ministry.world.settle(order=order, deliveries=2)
    offer = await _offer(ministry, 100)

    refused = await _match(ministry, offer["id"], demand_id, 10)

    assert (await ministry.http.read("/v1/material-demands"))["items"] == []
    assert (refused.status_code, refused.json()["code"]) == (404, "EMP-0705")


async def test_a_village_is_declared_once_and_a_reference_used_once(ministry: Ministry) -> None:
    offer = await _offer(ministry, 100)

    village = await ministry.http.post("/v1/villages", VILLAGE)
    reference = await ministry.http.post(
        "/v1/supply-offers", _offer_body(offer["village_id"], 5, "MDG-1")
    )

    assert [a.json()["code"] for a in (village, reference)] == ["EMP-0702", "EMP-0704"]


VILLAGE: dict[str, Json] = {
    "desa_code": KALISALAK,
    "name": "Kalisalak",
    "kind": "kampung_berdaya",
    "commodities": ["mendong"],
    "declared_on": "2025-04-01",
}


def _offer_body(village_id: str, kilograms: int, reference: str) -> dict[str, Json]:
    return {
        "reference": reference,
        "village_id": village_id,
        "material": "mendong",
        "kilograms": kilograms,
        "available_from": "2025-05-01",
    }


async def _offer(
    ministry: Ministry, kilograms: int, *, reference: str = "MDG-1"
) -> dict[str, Json]:
    known = (await ministry.http.read("/v1/villages"))["items"]
    village = known[0] if known else await ministry.http.do("/v1/villages", VILLAGE)
    return await ministry.http.do(
        "/v1/supply-offers", _offer_body(village["id"], kilograms, reference)
    )


async def _announce(
    ministry: Ministry, order_id: UUID, kilograms: int, *, material: str = "mendong"
) -> str:
    demand = MaterialDemanded(
        demand_id=new_id(),
        order_id=order_id,
        material=material,
        kilograms=kilograms,
        needed_by=date(2025, 6, 30),
    )
    await ministry.world.announce(demand, key=demand.demand_id)
    return str(demand.demand_id)


async def _demand(ministry: Ministry, kilograms: int, *, material: str = "mendong") -> str:
    demand_id = await _announce(ministry, new_id(), kilograms, material=material)
    await ministry.world.settle()
    return demand_id


async def _match(ministry: Ministry, offer_id: str, demand_id: str, kilograms: int) -> Json:
    body = {"offer_id": offer_id, "demand_id": demand_id, "kilograms": kilograms}
    return await ministry.http.post("/v1/supply-matches", body)
