"""What the story left in every projection is what its events say, read once more from the log."""

import os
import subprocess
import sys

import pytest

from cli.places import ROOT
from tests.architecture.test_projections import projections
from tests.live.machine import Machine
from tests.live.telling import Telling

pytestmark = pytest.mark.live


@pytest.mark.parametrize("consumer", [each.consumer for each in projections()])
def test_a_projection_rebuilt_is_equal(platform: Machine, told: Telling, consumer: str) -> None:
    env = os.environ | {"ANYAM_VAR": str(platform.var), "LC_ALL": "C"}
    argv = [sys.executable, "-m", "cli", "rebuild", consumer]

    done = subprocess.run(argv, cwd=ROOT, env=env, capture_output=True, text=True, check=False)

    assert told.code == 0, told.said
    assert done.returncode == 0, done.stderr
    rows = done.stdout.partition("removed")[2].split("\n")[1:-1]
    assert {tuple(row.split()[1:]) for row in rows} == {("0", "0", "0")}
