"""Every verb of a family in every state."""

from datetime import date

import pytest

from contracts.registry import HouseholdStatus as Status
from contracts.registry import HouseholdStatusChanged
from kernel.ids import new_id
from kernel.lifecycle import IllegalMove
from services.registry.households.lifecycle import HouseholdLifecycle
from services.registry.households.models import ClosingReason, Household

DAY = date(2025, 3, 1)


def family(status: Status) -> Household:
    return Household(
        id=new_id(),
        reference="OOA-0001",
        data_key=None,
        kk_number=b"",
        kk_index=b"",
        desa_code="33.02.05.2007",
        registered_on=date(2025, 1, 1),
        registered_by="ooa",
        status=status,
        member_count=1,
        adult_women=1,
        fingerprint=b"",
    )


def play(household: Household, verb: str) -> HouseholdStatusChanged:
    if verb == "close":
        return household.close(on=DAY, reason=ClosingReason.MOVED)
    if verb == "take_back":
        return household.take_back(on=DAY, reason="graduation_reversed")
    if verb.startswith("restore_"):
        return household.restore(Status(verb.removeprefix("restore_")), on=DAY)
    event: HouseholdStatusChanged = getattr(household, verb)(on=DAY)
    return event


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("move", HouseholdLifecycle.moves(), ids=lambda move: move.name)
def test_a_verb_moves_a_family_or_raises(move: object, status: Status) -> None:
    name, sources = move.name, move.sources  # type: ignore[attr-defined]  # a Move
    household = family(status)

    if status not in sources:
        with pytest.raises(IllegalMove):
            play(household, name)
        assert household.status is status
        return
    event = play(household, name)

    assert household.status is event.status is move.target  # type: ignore[attr-defined]  # a Move
    assert event.changed_on == DAY
