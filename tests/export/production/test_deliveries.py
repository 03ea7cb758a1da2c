"""Groups deliver at the collection point; each delivery is a lot, counted maker by maker."""

import asyncio
from uuid import uuid4

from contracts.export import LotDelivered
from tests.export.trade import problem_of
from tests.export.workshop import Workshop
from tests.people import OOA, OTHER_PARTNER


async def test_a_delivery_becomes_a_lot(workshop: Workshop) -> None:
    group = await workshop.group()
    siti, dewi = group.makers[:2]

    lot = await workshop.deliver(group, 10, 8)

    assert (lot["state"], lot["pieces"]) == ("delivered", 18)
    shown = await workshop.lot(lot)
    assert {each["household_id"]: each["pieces"] for each in shown["makers"]} == {
        str(siti): 10,
        str(dewi): 8,
    }
    [told] = await workshop.trade.told(LotDelivered)
    assert (str(told.lot_id), told.group_id, told.pieces) == (lot["id"], group.id, 18)
    assert (await workshop.work_order(group))["delivered"] == 18


async def test_lots_have_numbers_of_their_own(workshop: Workshop) -> None:
    group = await workshop.group()

    lots = [await workshop.deliver(group, 3) for _ in range(3)]

    numbers = {lot["lot_number"] for lot in lots}
    assert len(numbers) == 3
    assert all(number.startswith("L250519-") for number in numbers)


async def test_a_delivery_is_taken_in_once(workshop: Workshop) -> None:
    group = await workshop.group()
    body = workshop.delivery_of(group, [5], reference="D-1")
    first = await workshop.export.post("/v1/deliveries", body, as_=OOA, key="one")

    same_command = await workshop.export.post("/v1/deliveries", body, as_=OOA, key="one")
    same_paper = await workshop.export.post("/v1/deliveries", body, as_=OOA, key="two")

    assert same_command.json() == first.json()
    assert problem_of(same_paper) == (409, "EXP-0703")
    assert (await workshop.work_order(group))["delivered"] == 5


async def test_a_delivery_needs_a_key(workshop: Workshop) -> None:
    group = await workshop.group()
    response = await workshop.export.post(
        "/v1/deliveries", workshop.delivery_of(group, [5]), as_=OOA, key=" "
    )

    assert response.status_code == 400


async def test_only_members_deliver(workshop: Workshop) -> None:
    group = await workshop.group()
    body = workshop.delivery_of(group, {group.makers[0]: 5, uuid4(): 5})

    response = await workshop.export.post("/v1/deliveries", body, as_=OOA)

    assert problem_of(response) == (409, "EXP-0706")
    [error] = response.json()["errors"]
    assert error["pointer"] == "/counts/1/household_id"


async def test_nobody_makes_more_than_three_a_day(workshop: Workshop) -> None:
    group = await workshop.group()
    body = workshop.delivery_of(group, [22])

    response = await workshop.export.post("/v1/deliveries", body, as_=OOA)

    assert problem_of(response) == (400, "EXP-0708")
    assert [each["pointer"] for each in response.json()["errors"]] == ["/counts/0/pieces"]


async def test_a_maker_is_counted_once(workshop: Workshop) -> None:
    group = await workshop.group()
    body = workshop.delivery_of(group, [5])
    body["counts"] *= 2

    response = await workshop.export.post("/v1/deliveries", body, as_=OOA)

    assert problem_of(response) == (400, "EXP-0707")


async def test_no_more_is_taken_in_than_was_ordered(workshop: Workshop) -> None:
    group = await workshop.group(pieces=20)
    await workshop.deliver(group, 12)

    response = await workshop.export.post(
        "/v1/deliveries", workshop.delivery_of(group, [9]), as_=OOA
    )

    assert problem_of(response) == (409, "EXP-0705")
    assert response.json()["open_pieces"] == 8


async def test_rejected_pieces_may_be_made_again(workshop: Workshop) -> None:
    group = await workshop.group(pieces=20)
    siti = group.makers[0]
    await workshop.accept(await workshop.deliver(group, 20), set_aside={siti: 2})

    again = await workshop.accepted_lot(group, 2)

    assert again["state"] == "accepted"
    done = await workshop.work_order(group)
    assert (done["state"], done["delivered"], done["accepted"], done["rejected"]) == (
        "done",
        22,
        20,
        2,
    )


async def test_a_delivery_lies_not_before_the_work(workshop: Workshop) -> None:
    group = await workshop.group()
    body = {**workshop.delivery_of(group, [5]), "delivered_on": "2025-01-02"}

    response = await workshop.export.post("/v1/deliveries", body, as_=OOA)

    assert problem_of(response) == (409, "EXP-0709")


async def test_a_cancelled_work_order_takes_nothing_in(workshop: Workshop) -> None:
    group = await workshop.group()
    await workshop.export.do(f"/v1/work-orders/{group.work_order}/cancel", as_=OOA)

    response = await workshop.export.post(
        "/v1/deliveries", workshop.delivery_of(group, [5]), as_=OOA
    )

    assert problem_of(response) == (409, "EXP-0704")


async def test_the_last_open_pieces_are_delivered_once_by_however_many(workshop: Workshop) -> None:
    group = await workshop.group(pieces=30)
    bodies = [workshop.delivery_of(group, {maker: 10}) for maker in group.makers for _ in "ab"]

    answers = await asyncio.gather(
        *(workshop.export.post("/v1/deliveries", body, as_=OOA) for body in bodies)
    )

    assert sorted(answer.status_code for answer in answers) == [201] * 3 + [409] * 7
    assert (await workshop.work_order(group))["open_pieces"] == 0


async def test_another_partner_sees_nothing(workshop: Workshop) -> None:
    group = await workshop.group()
    lot = await workshop.deliver(group, 5)

    answers = [
        await workshop.export.get(f"/v1/lots/{lot['id']}", as_=OTHER_PARTNER),
        await workshop.export.get(f"/v1/work-orders/{group.work_order}", as_=OTHER_PARTNER),
        await workshop.export.post(
            "/v1/deliveries", workshop.delivery_of(group, [5]), as_=OTHER_PARTNER
        ),
    ]

    assert [problem_of(answer) for answer in answers] == [
        (404, "EXP-0702"),
        (404, "EXP-0701"),
        (404, "EXP-0701"),
    ]
    listed = await workshop.export.read("/v1/lots", as_=OTHER_PARTNER)
    assert listed["items"] == []


async def test_lots_are_listed_by_state(workshop: Workshop) -> None:
    group = await workshop.group()
    waiting = await workshop.deliver(group, 5)
    await workshop.accepted_lot(group, 5)

    found = await workshop.export.read(
        "/v1/lots", params={"work_order_id": group.work_order, "state": "delivered"}, as_=OOA
    )

    assert [lot["id"] for lot in found["items"]] == [waiting["id"]]
