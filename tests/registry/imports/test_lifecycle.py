"""Every verb of an import in every state."""

import pytest

from kernel.lifecycle import IllegalMove, Move
from services.registry.imports.lifecycle import ENDED, PENDING, ImportLifecycle, State


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("move", ImportLifecycle.moves(), ids=lambda move: move.name)
def test_a_verb_moves_a_file_or_raises(move: Move[State], state: State) -> None:
    if state in move.sources:
        assert move(state) is move.target
        return

    with pytest.raises(IllegalMove):
        move(state)


def test_a_file_waits_for_the_worker_for_a_person_or_has_ended() -> None:
    assert {*PENDING, *ENDED, State.CHECKED} == set(State)
