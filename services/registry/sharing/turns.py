"""What the clock does for sharing: the ledger is sealed and signed, what is kept too long goes."""

from datetime import timedelta

from kernel.timers import Timer
from services.registry.settings import Settings
from services.registry.sharing.erasure.actions import keep_no_longer
from services.registry.sharing.ledger import sealing

DAILY = timedelta(days=1)


def timers(settings: Settings) -> tuple[Timer, ...]:
    """Return this slice's timers."""
    return (*sealing.timers(settings), Timer("registry.retention.keep", DAILY, keep_no_longer))
