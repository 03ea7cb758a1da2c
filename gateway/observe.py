"""What is known of a request afterwards: its id, its trace, one log line, two metrics."""

import os
import re
import time
from dataclasses import dataclass, field

import structlog
from prometheus_client import Counter, Histogram

from kernel.telemetry import REQUEST_SECONDS, REQUESTS

_REQUEST_ID = re.compile(rb"[A-Za-z0-9\-]{8,128}")
_TRACEPARENT = re.compile(rb"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
SERVICE = "gateway"
UNLISTED = "-"
QUIET = frozenset({"/health/live", "/health/ready", "/metrics"})

log = structlog.get_logger("gateway")
_counters: dict[tuple[str, str, int], Counter] = {}
_timers: dict[tuple[str, str], Histogram] = {}


def request_id(offered: bytes | None) -> bytes:
    """Return the caller's request id if it is sane, else a new one."""
    if offered is not None and _REQUEST_ID.fullmatch(offered):
        return offered
    return os.urandom(16).hex().encode()


def traceparent(offered: bytes | None) -> bytes:
    """Return the caller's W3C trace context if it is valid, else the beginning of a new trace."""
    if is_traceparent(offered):
        return offered or b""
    return b"00-" + os.urandom(16).hex().encode() + b"-" + os.urandom(8).hex().encode() + b"-01"


def is_traceparent(offered: bytes | None) -> bool:
    """Tell whether a header is a valid W3C `traceparent`."""
    return offered is not None and _TRACEPARENT.fullmatch(offered) is not None


@dataclass(slots=True)
class Record:
    """One request as the log and the metrics see it; no query, no body, no address."""

    method: str
    request_id: bytes
    route: str = UNLISTED
    client_id: str = ""
    status: int = 0
    began: float = field(default_factory=time.perf_counter)

    def close(self) -> None:
        """Count the request and write its line."""
        seconds = time.perf_counter() - self.began
        _counter(self.method, self.route, self.status).inc()
        _timer(self.method, self.route).observe(seconds)
        if self.route in QUIET:
            return
        log.info(
            "request",
            method=self.method,
            route=self.route,
            status=self.status,
            ms=round(seconds * 1000, 2),
            client_id=self.client_id,
            request_id=self.request_id.decode("ascii"),
        )


def _counter(method: str, route: str, status: int) -> Counter:
    known = _counters.get((method, route, status))
    if known is None:
        known = _counters[(method, route, status)] = REQUESTS.labels(
            SERVICE, method, route, str(status)
        )
    return known


def _timer(method: str, route: str) -> Histogram:
    known = _timers.get((method, route))
    if known is None:
        known = _timers[(method, route)] = REQUEST_SECONDS.labels(SERVICE, method, route)
    return known
