"""Every verb of a work order and of a lot, in every state."""

from datetime import date

import pytest

from kernel.ids import new_id
from kernel.lifecycle import IllegalMove
from services.export.production.lifecycle import LotState, WorkOrderState
from services.export.production.models import Lot, LotMaker, WorkOrder

ON = date(2025, 5, 20)
LOT_VERBS = ("inspect", "accept", "hold", "rework", "scrap")
LOT_ALLOWED = {
    (LotState.DELIVERED, "inspect"): LotState.INSPECTING,
    (LotState.REWORKED, "inspect"): LotState.INSPECTING,
    (LotState.INSPECTING, "accept"): LotState.ACCEPTED,
    (LotState.INSPECTING, "hold"): LotState.HELD,
    (LotState.HELD, "rework"): LotState.REWORKED,
    (LotState.HELD, "scrap"): LotState.SCRAPPED,
    (LotState.REWORKED, "scrap"): LotState.SCRAPPED,
}


def lot_in(state: LotState) -> tuple[Lot, list[LotMaker]]:
    lot = Lot(
        lot_number="L250519-000001",
        reference="D-1",
        work_order_id=new_id(),
        order_id=new_id(),
        product_id=new_id(),
        group_id=new_id(),
        pieces=10,
        delivered_on=ON,
        state=state,
    )
    maker = LotMaker(lot_id=lot.id, household_id=new_id(), pieces=10, days_worked=5)
    return lot, [maker]


def do(lot: Lot, makers: list[LotMaker], verb: str) -> None:
    match verb:
        case "inspect":
            lot.inspect()
        case "accept":
            lot.accept(makers, on=ON)
        case "hold":
            lot.hold(on=ON, defects=())
        case "rework":
            lot.rework(makers, repaired={})
        case "scrap":
            lot.scrap(makers, on=ON, reason="mouldy", defects=())


@pytest.mark.parametrize("verb", LOT_VERBS)
@pytest.mark.parametrize("state", LotState)
def test_every_verb_of_a_lot_in_every_state(state: LotState, verb: str) -> None:
    lot, makers = lot_in(state)

    if (state, verb) in LOT_ALLOWED:
        do(lot, makers, verb)
        assert lot.state is LOT_ALLOWED[state, verb]
        return

    with pytest.raises(IllegalMove):
        do(lot, makers, verb)
    assert lot.state is state


def work_order_in(state: WorkOrderState) -> WorkOrder:
    return WorkOrder(
        order_id=new_id(),
        line_id=new_id(),
        product_id=new_id(),
        group_id=new_id(),
        pieces=10,
        delivered=10,
        opened_on=ON,
        due_on=ON,
        state=state,
    )


@pytest.mark.parametrize("state", WorkOrderState)
def test_a_work_order_is_cancelled_only_while_it_is_open(state: WorkOrderState) -> None:
    work_order = work_order_in(state)

    if state is WorkOrderState.OPEN:
        work_order.cancel()
        assert work_order.state is WorkOrderState.CANCELLED
        return

    with pytest.raises(IllegalMove):
        work_order.cancel()


def test_the_last_accepted_piece_finishes_the_work_order() -> None:
    work_order = work_order_in(WorkOrderState.OPEN)

    work_order.settle(accepted=9, rejected=1)
    assert (work_order.state, work_order.open_pieces) == (WorkOrderState.OPEN, 1)
    work_order.take(1, on=ON)
    work_order.settle(accepted=1, rejected=0)

    assert (work_order.state, work_order.open_pieces) == (WorkOrderState.DONE, 0)


def test_what_a_cancelled_work_order_delivered_is_still_settled() -> None:
    work_order = work_order_in(WorkOrderState.CANCELLED)

    work_order.settle(accepted=10, rejected=0)

    assert (work_order.state, work_order.accepted) == (WorkOrderState.CANCELLED, 10)
