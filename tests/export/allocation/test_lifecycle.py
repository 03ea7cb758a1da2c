"""Every verb of an allocation, in every state."""

from datetime import date

import pytest

from kernel.ids import new_id
from kernel.lifecycle import IllegalMove
from services.export.allocation.lifecycle import AllocationState
from services.export.allocation.models import Allocation

ON = date(2025, 5, 12)
ALLOWED = {
    "adjust": AllocationState.PLANNED,
    "accept": AllocationState.ACCEPTED,
    "discard": AllocationState.DISCARDED,
}


def do(allocation: Allocation, verb: str) -> None:
    match verb:
        case "adjust":
            allocation.adjust(allocation.shares)
        case "accept":
            allocation.accept(on=ON)
        case _:
            allocation.discard()


@pytest.mark.parametrize("verb", ALLOWED)
@pytest.mark.parametrize("state", AllocationState)
def test_every_verb_in_every_state(state: AllocationState, verb: str) -> None:
    allocation = Allocation(
        order_id=new_id(),
        line_id=new_id(),
        state=state,
        pieces=0,
        due_on=ON,
        planned_on=ON,
        shares=[],
    )

    if state is AllocationState.PLANNED:
        do(allocation, verb)
        assert allocation.state is ALLOWED[verb]
        return

    with pytest.raises(IllegalMove):
        do(allocation, verb)
    assert allocation.state is state
