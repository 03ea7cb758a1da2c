"""The servers that the scenarios on messages share."""

from collections.abc import AsyncIterator

import pytest

from tests.faults.stage import Stage


@pytest.fixture(scope="session")
async def stage() -> AsyncIterator[Stage]:
    """Give the stage; nothing of it is left at the end."""
    shared = Stage()
    yield shared
    await shared.close()
