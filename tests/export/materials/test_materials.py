"""Raw material is received, issued, used, returned and wasted, and every gram is accounted for."""

import asyncio

from tests.export.trade import problem_of
from tests.export.workshop import INSPECTED, Workshop
from tests.people import BANTUL_OFFICER, KEMENSOS, OOA, OTHER_PARTNER


async def test_a_work_orders_material_is_accounted_for(workshop: Workshop) -> None:
    group = await workshop.group()
    siti = group.makers[0]
    bale = await workshop.bale(kilograms=100)
    for kind, kilograms in (("issues", 40), ("returns", 2.5), ("waste", 1.25)):
        response = await workshop.move_material(kind, group, bale, kilograms)
        assert response.status_code == 201, response.text
    await workshop.accept(await workshop.deliver(group, 20), set_aside={siti: 2})

    balance = await workshop.balance(group)

    assert balance == {
        "material": "eceng gondok",
        "issued": 40_000,
        "consumed_accepted": 18 * 750,
        "consumed_rejected": 2 * 750,
        "returned": 2_500,
        "wasted": 1_250,
        "on_hand": 40_000 - 20 * 750 - 2_500 - 1_250,
        "not_issued": 0,
    }
    left = await workshop.export.read(f"/v1/material-lots/{bale['id']}", as_=OOA)
    assert left["in_store_grams"] == 100_000 - 40_000 + 2_500


async def test_a_scrapped_lots_material_is_consumed_all_the_same(workshop: Workshop) -> None:
    group = await workshop.group()
    await workshop.move_material("issues", group, await workshop.bale(), 40)
    lot = await workshop.hold(await workshop.deliver(group, 10))
    await workshop.export.do(
        f"/v1/lots/{lot['id']}/scrap", {"scrapped_on": INSPECTED, "reason": "mould"}, as_=OOA
    )

    balance = await workshop.balance(group)

    assert (balance["consumed_accepted"], balance["consumed_rejected"]) == (0, 7_500)


async def test_material_that_no_paper_issued_is_told_apart(workshop: Workshop) -> None:
    group = await workshop.group()
    await workshop.move_material("issues", group, await workshop.bale(), 5)
    await workshop.accepted_lot(group, 10)

    balance = await workshop.balance(group)

    assert (balance["issued"], balance["consumed_accepted"], balance["on_hand"]) == (
        5_000,
        5_000,
        0,
    )
    assert balance["not_issued"] == 2_500


async def test_many_bales_go_into_one_lot_the_oldest_first(workshop: Workshop) -> None:
    group = await workshop.group()
    old, new = await workshop.bale(), await workshop.bale()
    await workshop.move_material("issues", group, new, 10)
    await workshop.move_material("issues", group, old, 5)
    lot = await workshop.accepted_lot(group, 10)

    trace = await workshop.export.read(f"/v1/lots/{lot['id']}/trace", as_=OOA)

    assert [(each["reference"], each["grams"]) for each in trace["materials"]] == [
        (old["reference"], 5_000),
        (new["reference"], 2_500),
    ]


async def test_no_more_is_issued_than_a_bale_holds(workshop: Workshop) -> None:
    group = await workshop.group()
    bale = await workshop.bale(kilograms=10)

    response = await workshop.move_material("issues", group, bale, 10.001)

    assert problem_of(response) == (409, "EXP-0603")


async def test_a_bales_last_kilograms_are_issued_once(workshop: Workshop) -> None:
    group = await workshop.group()
    bale = await workshop.bale(kilograms=30)

    answers = await asyncio.gather(
        *(workshop.move_material("issues", group, bale, 10) for _ in range(8))
    )

    assert sorted(answer.status_code for answer in answers) == [201] * 3 + [409] * 5
    assert (await workshop.balance(group))["issued"] == 30_000


async def test_no_more_comes_back_or_is_lost_than_the_group_holds(workshop: Workshop) -> None:
    group = await workshop.group()
    bale = await workshop.bale()
    await workshop.move_material("issues", group, bale, 10)

    back = await workshop.move_material("returns", group, bale, 11)
    lost = await workshop.move_material("waste", group, bale, 11)

    assert [problem_of(back), problem_of(lost)] == [(409, "EXP-0604")] * 2


async def test_a_paper_is_recorded_once(workshop: Workshop) -> None:
    group = await workshop.group()
    bale = await workshop.bale()
    await workshop.move_material("issues", group, bale, 10, reference="SJ-1")

    again = await workshop.move_material("issues", group, bale, 10, reference="SJ-1")
    other_kind = await workshop.move_material("returns", group, bale, 1, reference="SJ-1")

    assert problem_of(again) == (409, "EXP-0602")
    assert other_kind.status_code == 201
    assert (await workshop.balance(group))["issued"] == 10_000


async def test_a_bale_is_received_once(workshop: Workshop) -> None:
    bale = await workshop.bale()
    body = {
        "reference": bale["reference"],
        "material": "mendong",
        "source_desa_code": "33.02.05.2007",
        "kilograms": 5,
        "received_on": INSPECTED,
    }

    response = await workshop.export.post("/v1/material-lots", body, as_=OOA)

    assert problem_of(response) == (409, "EXP-0602")


async def test_only_the_products_materials_are_issued(workshop: Workshop) -> None:
    group = await workshop.group()
    rattan = await workshop.bale(material="rotan")

    response = await workshop.move_material("issues", group, rattan, 10)

    assert problem_of(response) == (409, "EXP-0606")


async def test_nothing_is_issued_to_a_cancelled_work_order(workshop: Workshop) -> None:
    group = await workshop.group()
    bale = await workshop.bale()
    await workshop.export.do(f"/v1/work-orders/{group.work_order}/cancel", as_=OOA)

    response = await workshop.move_material("issues", group, bale, 10)

    assert problem_of(response) == (409, "EXP-0605")


async def test_a_balance_is_of_one_thing(workshop: Workshop) -> None:
    response = await workshop.export.get("/v1/material-balances", as_=OOA)

    assert problem_of(response) == (400, "EXP-0607")


async def test_an_orders_balance_adds_its_work_orders_up(workshop: Workshop) -> None:
    group = await workshop.group()
    await workshop.move_material("issues", group, await workshop.bale(), 10)
    await workshop.move_material("issues", group, await workshop.bale(material="mendong"), 3)

    found = await workshop.export.read(
        "/v1/material-balances", params={"order_id": group.order}, as_=OOA
    )

    assert {each["material"]: each["issued"] for each in found["items"]} == {
        "eceng gondok": 10_000,
        "mendong": 3_000,
    }


async def test_bales_are_seen_by_their_owner_and_by_the_ministry_of_their_region(
    workshop: Workshop,
) -> None:
    bale = await workshop.bale()
    path = f"/v1/material-lots/{bale['id']}"

    statuses = {
        actor.subject: (await workshop.export.get(path, as_=actor)).status_code
        for actor in (OOA, KEMENSOS, BANTUL_OFFICER, OTHER_PARTNER)
    }

    assert list(statuses.values()) == [200, 200, 404, 404]
    stranger = await workshop.export.get(path, as_=OTHER_PARTNER)
    assert problem_of(stranger) == (404, "EXP-0601")
