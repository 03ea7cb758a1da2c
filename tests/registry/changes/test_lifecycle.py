"""Every verb of a change request in every state."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from kernel import clock
from kernel.ids import new_id
from kernel.lifecycle import IllegalMove, Move
from services.registry.changes.lifecycle import OPEN, ChangeLifecycle, State
from services.registry.changes.models import HouseholdChange, Refusal
from services.registry.changes.policies import first_policy
from services.registry.households.registration import ChangeReason
from tests.people import KEMENSOS, KEMENSOS_CHECKER

POLICY = first_policy()
NOW = clock.now()

VERBS: dict[str, Callable[[HouseholdChange], None]] = {
    "approve": lambda change: change.approve(by=KEMENSOS_CHECKER, at=NOW, version=2),
    "refuse": lambda change: change.refuse(Refusal.WRONG, by=KEMENSOS_CHECKER, at=NOW),
    "withdraw": lambda change: change.withdraw(by=KEMENSOS),
    "conflict": lambda change: change.conflict(),
    "rebase": lambda change: change.rebase(b"", version=2, by=KEMENSOS, at=NOW),
    "expire": lambda change: change.expire(),
}


def request(state: State) -> HouseholdChange:
    return HouseholdChange(
        household_id=new_id(),
        household_version=1,
        policy_version=POLICY.version,
        fields=["/kk_number"],
        proposed=b"",
        base=b"",
        reason=ChangeReason.CORRECTED,
        changed_on=date(2025, 3, 1),
        state=state,
        proposed_by=KEMENSOS.subject,
        expires_at=NOW + timedelta(days=1),
    )


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("move", ChangeLifecycle.moves(), ids=lambda move: move.name)
def test_a_verb_moves_a_request_or_raises(move: Move[State], state: State) -> None:
    change = request(state)

    if state in move.sources:
        VERBS[move.name](change)
        assert change.state is move.target
        return

    with pytest.raises(IllegalMove):
        VERBS[move.name](change)
    assert change.state is state


def test_only_an_open_request_can_still_move() -> None:
    movable = {source for move in ChangeLifecycle.moves() for source in move.sources}

    assert movable == set(OPEN)


@pytest.mark.parametrize("state", set(State) - {State.PROPOSED})
def test_only_a_proposed_request_is_decided_about(state: State) -> None:
    change = request(state)

    with pytest.raises(IllegalMove):
        change.require_decidable(POLICY, by=KEMENSOS_CHECKER, at=NOW)
