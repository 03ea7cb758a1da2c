"""Nothing acknowledged is lost, nothing is done twice, order holds: whatever dies, in short."""

import pytest

from tests.faults.messages import NAMES, named
from tests.faults.stage import Stage
from tests.faults.trying import short_form


@pytest.mark.parametrize("name", NAMES)
async def test_the_invariant_holds(stage: Stage, name: str) -> None:
    verdict = await short_form(name, stage)

    assert verdict.acknowledged
    assert verdict.faults
    assert verdict.holds, f"{named(name).invariant}: {verdict}"
