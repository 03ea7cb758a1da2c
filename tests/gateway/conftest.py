"""One gateway in front of a mirror, for the tests that need no other."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.gateway.world import Door, Mirror, gateway, served


@pytest.fixture(scope="session")
def mirror() -> Mirror:
    """Give the service behind the gateway."""
    return Mirror()


@pytest.fixture(scope="session")
async def door(tmp_path_factory: pytest.TempPathFactory, mirror: Mirror) -> AsyncIterator[Door]:
    """Give a gateway in front of the mirror."""
    folder: Path = tmp_path_factory.mktemp("gateway")
    async with served(mirror) as url, gateway(folder, upstream=url) as running:
        yield running
