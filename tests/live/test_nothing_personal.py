"""Nothing personal leaves the registry: whatever the platform writes down is read to the end."""

from collections.abc import Iterable

import pytest

from cli.places import SERVICES
from tests.live import machine, writings
from tests.live.leaks import leaks
from tests.live.machine import Machine
from tests.live.telling import Telling

pytestmark = [pytest.mark.live, pytest.mark.usefixtures("told", "refused")]

FEWEST_EVENTS = 5_000
TRACED_SECONDS = 30.0
WRITERS = {f"{name}.log" for name in ("gateway", *SERVICES)} | {
    f"traces-{name}.jsonl" for name in SERVICES
}


@pytest.fixture(scope="module")
def refused(platform: Machine, told: Telling) -> list[tuple[str, str]]:
    """Ask with personal data in every place of a request, before what was written is read."""
    return list(writings.refusals(platform))


async def test_no_event_holds_anything_personal(platform: Machine) -> None:
    written = [each async for each in writings.events(platform)]

    assert found_in(written) == []
    assert len(written) > 2 * FEWEST_EVENTS, "the whole story was read"


def test_no_log_and_no_trace_holds_anything_personal(platform: Machine, told: Telling) -> None:
    machine.wait_until(lambda: writings.traced(platform), seconds=TRACED_SECONDS)

    written = [*writings.files(platform), ("story", told.said)]

    assert found_in(written) == []
    assert {name for name, _ in written} >= WRITERS, "every process was read"


def test_no_metric_holds_anything_personal(platform: Machine) -> None:
    assert found_in(writings.metrics(platform)) == []


def test_no_error_answer_holds_anything_personal(refused: list[tuple[str, str]]) -> None:
    assert found_in(refused) == []


def found_in(written: Iterable[tuple[str, str]]) -> list[str]:
    """Return where something personal stands, and what."""
    return [f"{place}: {leak}" for place, text in written for leak in leaks(text)]
