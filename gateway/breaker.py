"""When to stop asking a service that fails, and how often to ask it twice."""

import time
from collections.abc import Callable
from math import ceil

FAILURES = 5
PAUSE_SECONDS = 2.0
REQUESTS_A_RETRY = 5
RETRIES_SAVED = 10


class Breaker:
    """Opens after five failures in a row; then one request every two seconds tries again."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures = 0
        self._closed_until = 0.0

    def admits(self) -> bool:
        """Tell whether a request may go; the first one after a pause is the probe."""
        if self._failures < FAILURES:
            return True
        now = self._clock()
        if now < self._closed_until:
            return False
        self._closed_until = now + PAUSE_SECONDS
        return True

    def retry_after(self) -> int:
        """Return the seconds after which a refused client should come back, at least one."""
        return max(1, ceil(self._closed_until - self._clock()))

    def succeeded(self) -> None:
        """The service answered."""
        self._failures = 0

    def failed(self) -> None:
        """The service could not be reached, or did not answer."""
        self._failures += 1
        if self._failures >= FAILURES:
            self._closed_until = self._clock() + PAUSE_SECONDS


class RetryBudget:
    """Lets one request in five be asked twice, so that retries never multiply a failure."""

    def __init__(self) -> None:
        self._saved = RETRIES_SAVED * REQUESTS_A_RETRY

    def earn(self) -> None:
        """A request was made."""
        self._saved = min(RETRIES_SAVED * REQUESTS_A_RETRY, self._saved + 1)

    def spend(self) -> bool:
        """Take one retry, if one is left."""
        if self._saved < REQUESTS_A_RETRY:
            return False
        self._saved -= REQUESTS_A_RETRY
        return True
