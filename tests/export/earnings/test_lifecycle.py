"""Every verb of a payout batch, in every state."""

from datetime import date

import pytest

from kernel.lifecycle import IllegalMove
from services.export.earnings.lifecycle import PayoutState
from services.export.earnings.models import PayoutBatch

ON = date(2025, 6, 2)
ALLOWED = {
    (PayoutState.DRAFT, "approve"): PayoutState.APPROVED,
    (PayoutState.APPROVED, "pay"): PayoutState.PAID,
    (PayoutState.DRAFT, "discard"): PayoutState.DISCARDED,
    (PayoutState.APPROVED, "discard"): PayoutState.DISCARDED,
}


def do(batch: PayoutBatch, verb: str) -> None:
    match verb:
        case "approve":
            batch.approve(by="ooa-finance", on=ON)
        case "pay":
            batch.pay(on=ON, proof_reference="BRI-1")
        case "discard":
            batch.discard()


@pytest.mark.parametrize("verb", ["approve", "pay", "discard"])
@pytest.mark.parametrize("state", PayoutState)
def test_every_verb_in_every_state(state: PayoutState, verb: str) -> None:
    batch = PayoutBatch(
        reference="P-1",
        organisation="ooa",
        period_from=ON,
        period_to=ON,
        currency="IDR",
        made_by="ooa-buyer",
        slips=1,
        state=state,
    )

    if (state, verb) in ALLOWED:
        do(batch, verb)
        assert batch.state is ALLOWED[state, verb]
        return

    with pytest.raises(IllegalMove):
        do(batch, verb)
