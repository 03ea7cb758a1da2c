"""Every verb of a ticket in every state."""

import pytest

from kernel.ids import new_id
from kernel.lifecycle import IllegalMove
from services.registry.duplicates.lifecycle import Dismissal, State, TicketLifecycle
from services.registry.duplicates.models import Proposal, Ticket
from services.registry.duplicates.problems import HeldByAnother, SecondPersonNeeded


def ticket(state: State) -> Ticket:
    first, second = sorted((new_id(), new_id()))
    return Ticket(
        first_id=first,
        second_id=second,
        state=state,
        score=80,
        reasons=[],
        policy="2025-1",
        proposal=proposal(by="maker"),
    )


def proposal(*, by: str) -> Proposal:
    return Proposal(proposed_by=by, survivor_id=str(new_id()), moves=[], versions={})


def play(pair: Ticket, verb: str) -> None:
    match verb:
        case "propose":
            pair.propose(proposal(by="maker"))
        case "confirm":
            pair.confirm(by="checker")
        case "dismiss":
            pair.dismiss(by="maker", reason=Dismissal.RELATIVES)
        case _:
            getattr(pair, verb)()


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("move", TicketLifecycle.moves(), ids=lambda move: move.name)
def test_a_verb_moves_a_ticket_or_raises(move: object, state: State) -> None:
    name, sources = move.name, move.sources  # type: ignore[attr-defined]  # a Move
    pair = ticket(state)

    if state not in sources:
        with pytest.raises(IllegalMove):
            play(pair, name)
        assert pair.state is state
        return
    play(pair, name)

    assert pair.state is move.target  # type: ignore[attr-defined]  # a Move


def test_the_proposer_does_not_confirm() -> None:
    pair = ticket(State.OPEN)
    pair.propose(proposal(by="maker"))

    with pytest.raises(SecondPersonNeeded):
        pair.confirm(by="maker")


def test_a_pair_in_another_hand_is_left_alone() -> None:
    pair = ticket(State.OPEN)
    pair.take(by="maker")

    with pytest.raises(HeldByAnother):
        pair.dismiss(by="other", reason=Dismissal.RELATIVES)
    pair.assign(to="other")
    pair.dismiss(by="other", reason=Dismissal.RELATIVES)

    assert (pair.state, pair.decided_by) == (State.DISMISSED, "other")
