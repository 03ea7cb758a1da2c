"""The only place that looks at the clock; the domain receives time as an argument."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

JAKARTA = ZoneInfo("Asia/Jakarta")


def _system() -> datetime:
    return datetime.now(UTC)


_read: Callable[[], datetime] = _system


def now() -> datetime:
    """Return the moment, aware, in UTC."""
    return _read()


def today() -> date:
    """Return the calendar day of people in western Indonesia (Asia/Jakarta)."""
    return now().astimezone(JAKARTA).date()


def use(read: Callable[[], datetime] | None) -> None:
    """Replace the clock, for tests; `None` gives the system's back."""
    global _read
    _read = read or _system
