"""Accepted pieces are packed once, loaded, sealed, and released with their papers."""

import asyncio

from contracts.export import OrderShipped, ShipmentArrived, ShipmentDeparted, ShipmentReleased
from tests.export.trade import problem_of
from tests.export.workshop import CONTAINERS, RELEASED, Workshop
from tests.people import OOA, OTHER_PARTNER

PAPERS = ("invoice", "packing_list", "peb", "npe")


async def test_a_complete_shipment_is_released_and_its_order_shipped(workshop: Workshop) -> None:
    group = await workshop.group()
    lot = await workshop.accepted_lot(group, 20)
    shipment = await workshop.loaded_shipment(group, lot=lot)

    released = await workshop.step(shipment, "release")

    assert released.json()["state"] == "released"
    [told] = await workshop.trade.told(ShipmentReleased)
    assert (told.containers, told.pieces) == ((CONTAINERS[0],), 20)
    [shipped] = await workshop.trade.told(OrderShipped)
    assert (str(shipped.order_id), shipped.pieces) == (group.order, 20)


async def test_a_shipment_departs_and_arrives(workshop: Workshop) -> None:
    group = await workshop.group()
    shipment = await workshop.loaded_shipment(group, lot=await workshop.accepted_lot(group, 5))
    await workshop.step(shipment, "release")

    await workshop.step(shipment, "depart")
    filed = await workshop.file(shipment, "bill_of_lading", issued_on=RELEASED)
    arrived = await workshop.step(shipment, "arrive")

    assert filed.is_success
    assert arrived.json()["state"] == "arrived"
    assert len(await workshop.trade.told(ShipmentDeparted)) == 1
    assert len(await workshop.trade.told(ShipmentArrived)) == 1


async def test_an_incomplete_shipment_is_not_released_and_told_everything_it_lacks(
    workshop: Workshop,
) -> None:
    group = await workshop.group()
    lot = await workshop.accepted_lot(group, 10)
    shipment = await workshop.shipment(group)
    await workshop.pack(shipment, {"1": {lot["id"]: 4}, "2": {lot["id"]: 6}})
    await workshop.bring(shipment)
    await workshop.load(shipment, "1")
    await workshop.file(shipment, "invoice")

    response = await workshop.step(shipment, "release")

    assert problem_of(response) == (409, "EXP-0913")
    assert {error["pointer"]: error["code"] for error in response.json()["errors"]} == {
        "/cartons": "not_loaded",
        f"/containers/{CONTAINERS[0]}": "not_sealed",
        "/documents/packing_list": "missing",
        "/documents/peb": "missing",
        "/documents/npe": "missing",
    }
    assert await workshop.trade.told(OrderShipped) == []


async def test_an_empty_shipment_is_not_released(workshop: Workshop) -> None:
    group = await workshop.group()
    shipment = await workshop.shipment(group)
    for kind in PAPERS:
        await workshop.file(shipment, kind)

    response = await workshop.step(shipment, "release")

    assert [error["code"] for error in response.json()["errors"]] == ["empty"]


async def test_a_peb_is_filed_at_the_earliest_seven_days_before(workshop: Workshop) -> None:
    group = await workshop.group()
    shipment = await workshop.loaded_shipment(group, lot=await workshop.accepted_lot(group, 5))
    await workshop.file(shipment, "peb", issued_on="2025-09-01")

    too_early = await workshop.step(shipment, "release")
    await workshop.file(shipment, "peb", issued_on="2025-09-02")
    in_time = await workshop.step(shipment, "release")

    assert [error["code"] for error in too_early.json()["errors"]] == ["out_of_time"]
    assert in_time.is_success


async def test_an_npe_follows_its_peb(workshop: Workshop) -> None:
    group = await workshop.group()
    shipment = await workshop.loaded_shipment(group, lot=await workshop.accepted_lot(group, 5))
    await workshop.file(shipment, "npe", issued_on="2025-09-03")

    response = await workshop.step(shipment, "release")

    assert [error["pointer"] for error in response.json()["errors"]] == ["/documents/npe"]


async def test_only_accepted_pieces_are_packed(workshop: Workshop) -> None:
    group = await workshop.group()
    waiting = await workshop.deliver(group, 10)
    some = await workshop.accept(await workshop.deliver(group, 10), set_aside={group.makers[0]: 3})
    shipment = await workshop.shipment(group)

    not_inspected = await workshop.pack(shipment, {"1": {waiting["id"]: 1}})
    rejected_too = await workshop.pack(shipment, {"1": {some["id"]: 8}})
    accepted = await workshop.pack(shipment, {"1": {some["id"]: 7}})

    assert problem_of(not_inspected) == (409, "EXP-0714")
    assert problem_of(rejected_too) == (409, "EXP-0714")
    assert accepted.json()["pieces"] == 7


async def test_the_last_accepted_pieces_are_packed_once_by_however_many(
    workshop: Workshop,
) -> None:
    group = await workshop.group()
    first, second = [(await workshop.accepted_lot(group, 10))["id"] for _ in range(2)]
    shipments = [await workshop.shipment(group, f"S-{n}") for n in range(8)]

    answers = await asyncio.gather(
        *(
            workshop.pack(
                shipment, {"1": {first: 3, second: 3} if n % 2 else {second: 3, first: 3}}
            )
            for n, shipment in enumerate(shipments)
        )
    )

    assert sorted(answer.status_code for answer in answers) == [201] * 3 + [409] * 5
    assert await workshop.count("SELECT sum(packed) FROM product_lot") == 18
    assert await workshop.count("SELECT sum(pieces) FROM carton_content") == 18


async def test_cartons_are_packed_all_or_none(workshop: Workshop) -> None:
    group = await workshop.group()
    lot = await workshop.accepted_lot(group, 10)
    shipment = await workshop.shipment(group)

    await workshop.pack(shipment, {"1": {lot["id"]: 6}, "2": {lot["id"]: 6}})

    assert await workshop.count("SELECT count(*) FROM carton") == 0
    assert (await workshop.lot(lot))["packed"] == 0


async def test_cartons_have_their_own_numbers(workshop: Workshop) -> None:
    group = await workshop.group()
    lot = await workshop.accepted_lot(group, 10)
    shipment = await workshop.shipment(group)
    packed = await workshop.pack(shipment, {"1": {lot["id"]: 2}, "2": {lot["id"]: 2}})

    again = await workshop.pack(shipment, {"2": {lot["id"]: 2}})
    twice = await workshop.export.post(
        f"/v1/shipments/{shipment['id']}/cartons",
        {"cartons": [{"number": "3", "contents": [{"lot_id": lot["id"], "pieces": 1}]}] * 2},
        as_=OOA,
    )

    assert len({carton["sscc"] for carton in packed.json()["items"]}) == 2
    assert problem_of(again) == (409, "EXP-0904")
    assert problem_of(twice) == (400, "EXP-0915")


async def test_pieces_go_with_their_own_order(workshop: Workshop) -> None:
    group = await workshop.group(pieces=20)
    lot = await workshop.accepted_lot(group, 20)
    await workshop.give_work(group, pieces=20)
    shipment = await workshop.shipment(group)

    response = await workshop.pack(shipment, {"1": {lot["id"]: 1}})

    assert problem_of(response) == (409, "EXP-0905")


async def test_container_numbers_are_checked(workshop: Workshop) -> None:
    shipment = await workshop.shipment(await workshop.group())
    await workshop.bring(shipment)

    wrong = await workshop.bring(shipment, "CSQU3054384")
    twice = await workshop.bring(shipment)

    assert problem_of(wrong) == (400, "EXP-0906")
    assert problem_of(twice) == (409, "EXP-0907")


async def test_cartons_are_loaded_once_into_open_containers(workshop: Workshop) -> None:
    group = await workshop.group()
    lot = await workshop.accepted_lot(group, 10)
    shipment = await workshop.shipment(group)
    await workshop.pack(shipment, {"1": {lot["id"]: 2}, "2": {lot["id"]: 2}})
    await workshop.bring(shipment)
    await workshop.bring(shipment, CONTAINERS[1])

    empty = await workshop.seal(shipment)
    loaded = await workshop.load(shipment, "1")
    missing = await workshop.load(shipment, "2", "9")
    elsewhere = await workshop.load(shipment, "1", into=CONTAINERS[1])
    nowhere = await workshop.load(shipment, "2", into=CONTAINERS[2])
    sealed = await workshop.seal(shipment)
    late = await workshop.load(shipment, "2")

    assert (loaded.json()["cartons"], loaded.json()["pieces"]) == (1, 2)
    assert sealed.json()["seal_number"] == "SEAL-3054"
    problems = [problem_of(each) for each in (empty, missing, elsewhere, nowhere, late)]
    assert problems == [
        (409, "EXP-0912"),
        (409, "EXP-0910"),
        (409, "EXP-0911"),
        (404, "EXP-0908"),
        (409, "EXP-0909"),
    ]


async def test_nothing_is_packed_after_the_release(workshop: Workshop) -> None:
    group = await workshop.group()
    shipment = await workshop.loaded_shipment(group, lot=await workshop.accepted_lot(group, 5))
    await workshop.step(shipment, "release")
    more = await workshop.accepted_lot(group, 5)

    late = await workshop.pack(shipment, {"2": {more["id"]: 5}})
    exchanged = await workshop.file(shipment, "invoice")

    assert problem_of(late) == (409, "EXP-0903")
    assert problem_of(exchanged) == (409, "EXP-0914")


async def test_a_paper_is_exchanged_by_who_has_seen_the_shipment_as_it_is(
    workshop: Workshop,
) -> None:
    shipment = await workshop.shipment(await workshop.group())
    path = f"/v1/shipments/{shipment['id']}/documents/invoice"
    body = {"number": "INV-1", "issued_on": RELEASED}

    blind = await workshop.export.put(path, body, as_=OOA)
    first = await workshop.export.put(path, body, as_=OOA, headers={"If-Match": '"1"'})
    stale = await workshop.export.put(path, body, as_=OOA, headers={"If-Match": '"1"'})

    assert [blind.status_code, first.status_code, stale.status_code] == [428, 200, 412]
    assert first.headers["ETag"] == '"2"'


async def test_a_packing_list_names_every_piece(workshop: Workshop) -> None:
    group = await workshop.group()
    first, second = [await workshop.accepted_lot(group, 10) for _ in range(2)]
    shipment = await workshop.shipment(group)
    await workshop.pack(shipment, {"1": {first["id"]: 10, second["id"]: 2}, "2": {second["id"]: 8}})
    await workshop.bring(shipment)
    await workshop.load(shipment, "1")

    found = await workshop.export.read(f"/v1/shipments/{shipment['id']}/packing-list", as_=OOA)

    assert (found["pieces"], found["net_grams"]) == (20, 20 * 900)
    [one, two] = found["cartons"]
    assert {(each["lot_number"], each["pieces"]) for each in one["contents"]} == {
        (first["lot_number"], 10),
        (second["lot_number"], 2),
    }
    assert (one["container_number"], two["container_number"]) == (CONTAINERS[0], None)
    assert {each["sku"] for each in two["contents"]} == {"WB-30"}


async def test_a_shipment_is_planned_once(workshop: Workshop) -> None:
    group = await workshop.group()
    shipment = await workshop.shipment(group)
    body = {"reference": "S-1", "order_id": group.order, "planned_on": RELEASED}

    again = await workshop.export.post("/v1/shipments", body, as_=OOA)
    unknown = await workshop.export.post(
        "/v1/shipments", {**body, "order_id": shipment["id"]}, as_=OOA
    )

    assert problem_of(again) == (409, "EXP-0902")
    assert unknown.status_code == 404


async def test_another_partner_sees_no_shipment(workshop: Workshop) -> None:
    shipment = await workshop.shipment(await workshop.group())

    shown = await workshop.export.get(f"/v1/shipments/{shipment['id']}", as_=OTHER_PARTNER)
    listed = await workshop.export.read("/v1/shipments", as_=OTHER_PARTNER)

    assert problem_of(shown) == (404, "EXP-0901")
    assert listed["items"] == []
