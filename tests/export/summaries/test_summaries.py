"""The figures of one order that was made, shipped and paid; and nothing of anybody else's."""

from contracts.export import OrderClosed, OrderDelivered, OrderShipped
from tests.export.workshop import CONTAINERS, RELEASED, Workshop
from tests.people import OOA, OTHER_PARTNER

NOTHING = {"amount": "0.00", "currency": "IDR"}


async def test_an_empty_service_has_figures_too(workshop: Workshop) -> None:
    summary = await workshop.export.read("/v1/summaries/export")

    assert summary["figures"]["orders"] == 0
    assert summary["figures"]["export_value"] == summary["figures"]["paid_to_makers"] == NOTHING
    assert summary["figures"]["by_kabupaten"] == {}


async def test_an_order_is_followed_from_promise_to_pay(workshop: Workshop) -> None:
    await an_order_of_forty_shipped_and_paid(workshop)

    own = await workshop.export.read("/v1/summaries/export", as_=OOA)
    other = await workshop.export.read("/v1/summaries/export", as_=OTHER_PARTNER)

    assert own["figures"] == {
        "orders": 1,
        "pieces_ordered": 40,
        "pieces_accepted": 39,
        "pieces_rejected": 1,
        "pieces_packed": 39,
        "pieces_shipped": 39,
        "containers_released": 1,
        "export_value": {"amount": "3542000.00", "currency": "IDR"},
        "paid_to_makers": {"amount": "1170000.00", "currency": "IDR"},
        "makers_paid": 2,
        "slips": 2,
        "batches": 1,
        "by_kabupaten": {"33.02": 39},
        "by_container": {CONTAINERS[0]: 39},
    }
    assert (other["figures"]["orders"], other["figures"]["slips"]) == (0, 0)
    assert other["figures"]["by_container"] == other["figures"]["by_kabupaten"] == {}


async def an_order_of_forty_shipped_and_paid(workshop: Workshop) -> None:
    group = await workshop.group(makers=2, pieces=40)
    lot = await workshop.deliver(group, 20, 20)
    lot = await workshop.accept(lot, set_aside={group.makers[0]: 1})
    shipment = await workshop.loaded_shipment(group, lot=lot)
    assert (await workshop.step(shipment, "release")).is_success
    batch = (await workshop.batch()).json()
    await workshop.settle_batch(batch, "approve")
    assert (await workshop.settle_batch(batch, "pay")).is_success


async def test_a_shipped_order_is_delivered_and_closed(workshop: Workshop) -> None:
    group = await workshop.group(makers=2, pieces=40)
    shipment = await workshop.loaded_shipment(group, lot=await workshop.accepted_lot(group, 20, 20))
    assert (await workshop.step(shipment, "release")).is_success

    await workshop.trade.move(workshop.order, "deliver", on="2025-10-20")
    closed = await workshop.trade.move(workshop.order, "close", on="2025-11-20")

    [shipped] = await workshop.trade.told(OrderShipped)
    assert (closed["state"], closed["shipped_pieces"]) == ("closed", 40)
    assert (closed["shipped_on"], shipped.pieces) == (RELEASED, 40)
    assert len(await workshop.trade.told(OrderDelivered)) == 1
    assert len(await workshop.trade.told(OrderClosed)) == 1
