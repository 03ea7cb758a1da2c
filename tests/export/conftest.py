"""What the export service's tests may ask for."""

import pytest

from tests.export.trade import Trade
from tests.world import World


@pytest.fixture
def trade(world: World) -> Trade:
    """Give the trade, with nothing recorded yet."""
    return Trade(world)
