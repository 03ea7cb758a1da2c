"""How many requests a client may make: a bucket of tokens that refills evenly."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

KEPT = 10_000


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left to a client: requests, and seconds until the whole quota is there again."""

    granted: bool
    remaining: int
    reset: int


class Buckets:
    """One bucket a client; `quota` requests at once, refilled over `window` seconds."""

    def __init__(
        self, *, quota: int, window: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._quota = quota
        self._rate = quota / window
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}
        self.policy = b'"burst";q=%d;w=%d' % (quota, window)

    def take(self, client: str) -> Allowance:
        """Take one request from the client's bucket, if one is left."""
        now = self._clock()
        bucket = self._refilled(client, now)
        granted = bucket.tokens >= 1
        if granted:
            bucket.tokens -= 1
        return Allowance(
            granted, int(bucket.tokens), ceil((self._quota - bucket.tokens) / self._rate)
        )

    def retry_after(self) -> int:
        """Return the seconds until an empty bucket holds a request again."""
        return max(1, ceil(1 / self._rate))

    def _refilled(self, client: str, now: float) -> _Bucket:
        bucket = self._buckets.get(client)
        if bucket is None:
            return self._new(client, now)
        bucket.tokens = min(self._quota, bucket.tokens + (now - bucket.at) * self._rate)
        bucket.at = now
        return bucket

    def _new(self, client: str, now: float) -> _Bucket:
        if len(self._buckets) >= KEPT:
            del self._buckets[next(iter(self._buckets))]
        bucket = self._buckets[client] = _Bucket(float(self._quota), now)
        return bucket
