"""What the export service's tests may ask for."""

import pytest

from tests.export.trade import Trade
from tests.export.workshop import Workshop
from tests.world import World


@pytest.fixture
def trade(world: World) -> Trade:
    """Give the trade, with nothing recorded yet."""
    return Trade(world)


@pytest.fixture
def workshop(trade: Trade) -> Workshop:
    """Give the workshop, with nobody at work yet."""
    return Workshop(trade)
