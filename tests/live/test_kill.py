"""Every service is killed once while the story is told, and the story ends as if none had been."""

import pytest

from tests.live.telling import Telling

pytestmark = pytest.mark.live


def test_the_story_ends_well_whoever_is_killed(told_under_fire: Telling) -> None:
    assert told_under_fire.code == 0, told_under_fire.said
    assert told_under_fire.wrong == []


def test_no_event_is_lost_and_none_is_given_up(told_under_fire: Telling) -> None:
    figures = told_under_fire.figures

    assert figures["events published and not on the log"] == "0"
    assert figures["events parked"] == "0"
    assert figures["dead letters"] == "0"
