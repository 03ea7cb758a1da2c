"""What the empowerment service's tests may ask for."""

import pytest

from tests.empowerment.ministry import Ministry
from tests.world import World


@pytest.fixture
def ministry(world: World) -> Ministry:
    """Give the ministry's desk, with nothing recorded yet."""
    return Ministry(world)
