"""The platform that the live tests share, and the story told on it: once, by real processes."""

from collections.abc import Iterator

import pytest

from tests.live import kills, machine, telling
from tests.live.machine import Machine
from tests.live.telling import Telling

# The platform of the kills is gone before the shared one starts; bad input comes when all is read.
ORDER = ("test_leaks", "test_kill", "test_story", "test_nothing_personal", "test_bad_input")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the live tests run last, in the order in which they need the machine."""
    items.sort(key=turn)


def turn(item: pytest.Item) -> int:
    """Return when a test's turn comes: 0 for what is not ours, which keeps its order."""
    ours = item.path.parent.name == "live"
    return 1 + ORDER.index(item.path.stem) if ours else 0


@pytest.fixture(scope="session")
def told_under_fire() -> Telling:
    """Tell the story on a platform of its own, each of whose services is killed meanwhile."""
    with machine.platform() as victim, telling.begun(victim) as story:
        kills.carry_out(kills.plan(kills.SEED), on=victim, during=story)
        return telling.ended(story)


@pytest.fixture(scope="session")
def platform() -> Iterator[Machine]:
    """Give a platform without a story; at the end nothing of it is left."""
    with machine.platform() as shared:
        yield shared


@pytest.fixture(scope="session")
def told(platform: Machine) -> Telling:
    """Tell the story on the shared platform."""
    return telling.tell(platform)
