"""The short form of a scenario, as the tests run it."""

import os

import pytest

from cli.failures import CannotGoOn
from tests.faults.messages import named
from tests.faults.scenario import Trial, Verdict
from tests.faults.stage import Stage

SEED = 12_422


async def short_form(name: str, stage: Stage, *, planted: str = "") -> Verdict:
    """Run it with FAULTS_SEED's dice; it is left out where there is no Java, but never in CI."""
    seed = int(os.environ.get("FAULTS_SEED", SEED))
    print(f"FAULTS_SEED={seed} FAULTS_ONLY='{name}'")  # noqa: T201 - shown when the test fails
    scenario = named(name)
    try:
        return await scenario.run(Trial(seed, scenario.short, stage.folder, planted, stage=stage))
    except CannotGoOn as missing:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"left out: {missing}")
