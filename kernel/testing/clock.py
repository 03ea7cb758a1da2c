"""A clock that moves only when a test says so."""

from datetime import UTC, datetime, timedelta

from kernel import clock


class FrozenClock:
    """Stands still; `advance` moves it."""

    def __init__(self, start: datetime = datetime(2025, 3, 1, 2, 0, tzinfo=UTC)) -> None:
        self.moment = start

    def __enter__(self) -> "FrozenClock":
        clock.use(lambda: self.moment)
        return self

    def __exit__(self, *_: object) -> None:
        clock.use(None)

    def advance(self, **by: float) -> None:
        """Move on by a `timedelta`'s keywords: `advance(days=30)`."""
        self.moment += timedelta(**by)
