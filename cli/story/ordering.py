"""April: PT Out of Asia orders 12,422 baskets; the work and the material are divided."""

import asyncio

from cli.story.cast import KALISALAK, MENDONG_VILLAGE, Group
from cli.story.stage import Answer
from cli.story.tale import Tale
from cli.story.training import SKILL

PIECES = 12_422
ORDER_NUMBER = "OOA-PO-2025-001"
UNIT_PRICE, PIECE_RATE = "88550.00", "30000.00"
DUE = "2025-09-01"
# Grams in one basket; the material's name, and the village that has it.
MATERIALS = {"eceng gondok": 600, "mendong": 150}
SOURCES = {"eceng gondok": KALISALAK, "mendong": MENDONG_VILLAGE}
# Three in a hundred more than the pieces need: rejected pieces are made again.
SPARE = 1.03


async def place(tale: Tale) -> None:
    """Agree on terms, place the order, and answer it."""
    buyer, office = tale.as_("ooa-buyer"), tale.as_("kemensos-programmes")
    partner_id = await _terms(tale)
    product = await buyer.do("product", "/v1/products", BASKET)
    line = {
        "product_id": product["id"],
        "pieces": PIECES,
        "unit_price": {"amount": UNIT_PRICE, "currency": "IDR"},
        "due_on": DUE,
    }
    order = await buyer.do(
        "order",
        "/v1/orders",
        {
            "partner_id": partner_id,
            "partner_order_number": ORDER_NUMBER,
            "ordered_on": "2025-04-02",
            "lines": [line],
        },
    )
    tale.order_id, tale.line_id = order["id"], order["lines"][0]["id"]
    path = f"/v1/orders/{order['id']}"
    await buyer.do("order-submit", f"{path}/submit", {"on": "2025-04-02"})
    answers = [{"line_id": tale.line_id, "answer": "accepted"}]
    body = {"accepted_on": "2025-04-04", "answers": answers}
    await office.do("order-accept", f"{path}/accept", body)


BASKET = {
    "sku": "WASTE-BASKET-01",
    "name": "Keranjang sampah anyaman eceng gondok dan mendong",
    "length_mm": 260,
    "width_mm": 260,
    "height_mm": 300,
    "weight_grams": 700,
    "hs_code": "4602.19",
    "skill": SKILL,
    "materials": [
        {"material": material, "grams_per_piece": grams} for material, grams in MATERIALS.items()
    ],
    "piece_rate": {"amount": PIECE_RATE, "currency": "IDR"},
    "minimum_piece_rate": {"amount": "25000.00", "currency": "IDR"},
    "minutes_per_piece": 150,
}


async def _terms(tale: Tale) -> str:
    buyer = tale.as_("ooa-buyer")
    who = {"code": "OOA", "name": "PT Out of Asia", "organisation": "ooa", "country": "ID"}
    partner = await buyer.do("partner", "/v1/partners", who)
    contract = {
        "number": "OOA-2025-01",
        "currency": "IDR",
        "payment_terms_days": 30,
        "sampling": {"level": "II", "aql": {"critical": "0", "major": "2.5", "minor": "4.0"}},
        "tolerance_percent": "0",
        "valid_from": "2025-03-01",
    }
    await buyer.do("contract", f"/v1/partners/{partner['id']}/contracts", contract)
    return str(partner["id"])


async def match_material(tale: Tale) -> None:
    """Let the villages that have the material supply what the order demands."""
    office = tale.as_("kemensos-programmes")
    for material, desa in SOURCES.items():
        village = await _village(tale, desa, material)
        demand = await _demand(tale, material)
        offer = await office.do(
            f"offer-{material}",
            "/v1/supply-offers",
            {
                "reference": f"TAWAR-{material.split()[0].upper()}",
                "village_id": village,
                "material": material,
                "kilograms": demand["kilograms"] + 1_000,
                "available_from": "2025-04-07",
            },
        )
        match = {
            "offer_id": offer["id"],
            "demand_id": demand["id"],
            "kilograms": demand["kilograms"],
        }
        await office.do(f"match-{material}", "/v1/supply-matches", match)


async def _village(tale: Tale, desa: str, material: str) -> str:
    office = tale.as_("kemensos-programmes")
    known = {each["desa_code"]: each["id"] for each in await office.list("/v1/villages")}
    if desa in known:
        return str(known[desa])
    body = {
        "desa_code": desa,
        "name": "Sentra mendong",
        "kind": "kampung_berdaya",
        "commodities": [material],
        "declared_on": "2025-04-07",
    }
    return str((await office.do(f"village-{desa}", "/v1/villages", body))["id"])


async def _demand(tale: Tale, material: str) -> Answer:
    def of_the_order(answer: Answer) -> list[Answer]:
        return [
            each
            for each in answer["items"]
            if each["order_id"] == tale.order_id and each["material"] == material
        ]

    office = tale.as_("kemensos-programmes")
    seen = await office.until("/v1/material-demands?limit=200", lambda a: bool(of_the_order(a)))
    return of_the_order(seen)[0]


async def allocate(tale: Tale) -> None:
    """Divide the order over the groups, and open their work orders."""
    production = tale.as_("ooa-production")
    await production.until("/v1/capacity?limit=200", _all_groups_can_weave)
    plan = {"order_id": tale.order_id, "line_id": tale.line_id, "planned_on": "2025-04-07"}
    allocation = await production.do("plan", "/v1/allocations", plan)
    path = f"/v1/allocations/{allocation['id']}"
    await production.do("plan-accept", f"{path}/accept", {"accepted_on": "2025-04-08"})
    numbers = {group_id: number for number, group_id in tale.group_ids.items()}
    for each in await production.list(f"/v1/work-orders?order_id={tale.order_id}"):
        tale.work_orders[numbers[each["group_id"]]] = each["id"]
        tale.shares[numbers[each["group_id"]]] = each["pieces"]


def _all_groups_can_weave(seen: Answer) -> bool:
    makers = [group["skilled_makers"] for group in seen["items"]]
    return len(makers) == 25 and all(each == 14 for each in makers)


async def hand_out_material(tale: Tale) -> None:
    """Take the material in, and give each group what its share needs."""
    production = tale.as_("ooa-production")
    for material, grams in MATERIALS.items():
        needed = sum(_kilograms(share, grams) for share in tale.shares.values())
        lot = await production.do(
            f"material-{material}",
            "/v1/material-lots",
            {
                "reference": f"BAHAN-{material.split()[0].upper()}",
                "material": material,
                "source_desa_code": SOURCES[material],
                "kilograms": needed + 50,
                "received_on": "2025-04-09",
            },
        )
        await asyncio.gather(
            *(_issue(tale, group, lot["id"], material, grams) for group in tale.groups)
        )


async def _issue(tale: Tale, group: Group, lot_id: str, material: str, grams: int) -> None:
    reference = f"BON-{group.number:02}-{material.split()[0].upper()}"
    await tale.as_("ooa-production").do(
        reference,
        "/v1/material-issues",
        {
            "reference": reference,
            "material_lot_id": lot_id,
            "work_order_id": tale.work_orders[group.number],
            "kilograms": _kilograms(tale.shares[group.number], grams),
            "issued_on": "2025-04-10",
        },
    )


def _kilograms(pieces: int, grams: int) -> int:
    return int(pieces * SPARE * grams / 1000) + 20
