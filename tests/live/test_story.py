"""The September container, told by real processes: every figure holds, and once is enough."""

import pytest

from tests.live import telling
from tests.live.machine import Machine
from tests.live.telling import Telling

pytestmark = pytest.mark.live

FIGURES = 27


def test_every_figure_of_the_story_holds(told: Telling) -> None:
    assert told.code == 0, told.said
    assert told.wrong == []
    assert len(told.figures) >= FIGURES


def test_kills_change_no_figure(told: Telling, told_under_fire: Telling) -> None:
    assert told_under_fire.figures == told.figures


def test_a_story_told_again_changes_nothing(platform: Machine, told: Telling) -> None:
    before = telling.events(platform)

    again = telling.tell(platform)

    assert again.code == 0, again.said
    assert again.figures == told.figures
    assert telling.events(platform) == before
