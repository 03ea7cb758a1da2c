"""Every verb of sharing in every state."""

from enum import StrEnum

import pytest

from kernel.lifecycle import IllegalMove, Lifecycle, Move
from services.registry.sharing.consents.lifecycle import ConsentLifecycle
from services.registry.sharing.consents.lifecycle import State as ConsentState
from services.registry.sharing.erasure.lifecycle import ErasureLifecycle, HoldLifecycle, HoldState
from services.registry.sharing.erasure.lifecycle import State as ErasureState
from services.registry.sharing.lifecycle import AgreementLifecycle, State

LIFECYCLES: list[tuple[type[Lifecycle], type[StrEnum]]] = [
    (AgreementLifecycle, State),
    (ConsentLifecycle, ConsentState),
    (ErasureLifecycle, ErasureState),
    (HoldLifecycle, HoldState),
]
CASES = [
    pytest.param(move, state, id=f"{lifecycle.__name__}-{move.name}-{state}")
    for lifecycle, states in LIFECYCLES
    for move in lifecycle.moves()
    for state in states
]


@pytest.mark.parametrize(("move", "state"), CASES)
def test_a_verb_happens_from_its_sources_and_is_refused_from_every_other_state(
    move: Move[StrEnum], state: StrEnum
) -> None:
    if state in move.sources:
        assert move(state) is move.target
        return

    with pytest.raises(IllegalMove):
        move(state)
