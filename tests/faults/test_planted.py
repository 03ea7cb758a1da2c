"""The harness can fail: each planted mistake is counted as what it does."""

import pytest

from tests.faults.planted import MISTAKES
from tests.faults.stage import Stage
from tests.faults.trying import short_form

CAUGHT = {
    "seq cursor": ("outbox gap", "lost"),
    "xid cursor": ("outbox gap", "inverted"),
    "offset first": ("kill the consumer", "lost"),
    "auto-commit": ("kill the consumer", "lost"),
    "no inbox": ("kill between publish and mark", "doubled"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
async def test_a_planted_mistake_is_caught(stage: Stage, mistake: str) -> None:
    name, harm = CAUGHT[mistake]

    verdict = await short_form(name, stage, planted=mistake)

    assert getattr(verdict, harm), verdict
