"""What holds of commands whatever happens to the processes: real ones, each scenario in short."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import stand
from tests.faults.commands import NAMES
from tests.faults.scenario import SCENARIOS, Trial
from tests.faults.trying import SEED as DEFAULT_SEED
from tests.live.machine import Machine

pytestmark = pytest.mark.live

SEED = int(os.environ.get("FAULTS_SEED", DEFAULT_SEED))


@pytest.fixture(scope="module")
def processes() -> Iterator[Machine]:
    """Give one platform to all scenarios of this file; at its end nothing of it is left."""
    with stand.shared() as running:
        yield running


@pytest.mark.parametrize("name", NAMES)
async def test_commands_keep_their_promise(processes: Machine, tmp_path: Path, name: str) -> None:
    scenario = SCENARIOS[name]

    verdict = await scenario.run(Trial(seed=SEED, events=scenario.short, folder=tmp_path))

    assert verdict.acknowledged
    assert verdict.faults
    assert verdict.holds, f"{scenario.invariant}; FAULTS_SEED={SEED}: {verdict}"
