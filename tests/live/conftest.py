"""The platform that the live tests share, and the story told on it: once, by real processes."""

from collections.abc import Iterator

import pytest

from tests.live import kills, machine, telling
from tests.live.machine import Machine
from tests.live.telling import Telling

# One platform at a time: those of the faults and of the kills are gone before the shared one
# starts. Bad input comes when all is read.
FAULTS = "faults/test_commands"
ORDER = (
    FAULTS,
    "live/test_leaks",
    "live/test_kill",
    "live/test_story",
    "live/test_rebuild",
    "live/test_nothing_personal",
    "live/test_bad_input",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the tests that run a platform come last, in the order in which they need the machine."""
    items.sort(key=turn)


def turn(item: pytest.Item) -> int:
    """Return when a test's turn comes: 0 for what is not ours, which keeps its order."""
    name = f"{item.path.parent.name}/{item.path.stem}"
    ours = name == FAULTS or name.startswith("live/")
    return 1 + ORDER.index(name) if ours else 0


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
