"""Every verb of exchanges and subscriptions in every state."""

from enum import StrEnum

import pytest

from kernel.lifecycle import IllegalMove, Move
from services.registry.dci.exchanges.lifecycle import ExchangeLifecycle
from services.registry.dci.header import MessageStatus
from services.registry.dci.subscriptions.lifecycle import State, SubscriptionLifecycle

CASES = [
    *((move, state) for move in ExchangeLifecycle.moves() for state in MessageStatus),
    *((move, state) for move in SubscriptionLifecycle.moves() for state in State),
]


@pytest.mark.parametrize(("move", "state"), CASES)
def test_a_verb_moves_it_or_raises(move: Move[StrEnum], state: StrEnum) -> None:
    if state in move.sources:
        assert move(state) is move.target
        return

    with pytest.raises(IllegalMove):
        move(state)
