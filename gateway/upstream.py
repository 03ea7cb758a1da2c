"""A service behind the gateway: its connections, its breaker, its retry budget."""

import asyncio
import time
from urllib.parse import urlsplit

from gateway.breaker import Breaker, RetryBudget
from gateway.connection import Connection
from gateway.problems import ServiceUnavailable
from gateway.settings import Settings

KNOCK_SECONDS = 0.05
"""Between two tries to reach a service that starts again."""


class Upstream:
    """Gives out connections to one service, the one used last first."""

    def __init__(self, name: str, url: str, *, settings: Settings) -> None:
        address = urlsplit(url)
        self.name = name
        self.host = address.hostname or "127.0.0.1"
        self.port = address.port or 80
        self.authority = f"{self.host}:{self.port}".encode()
        self.breaker = Breaker()
        self.retries = RetryBudget()
        self.in_flight = 0
        self._settings = settings
        self._idle: dict[Connection, None] = {}
        self._away_since: float | None = None
        self._knocking = asyncio.Lock()

    async def acquire(self, *, fresh: bool = False, careful: bool = False) -> Connection:
        """Return a connection that is ready for a request.

        `fresh` opens a new one. `careful` looks at a kept one before trusting it, for requests
        that must not be sent twice. While the service starts again the request is held: nothing
        of it was sent.

        Raises:
            ServiceUnavailable: the service does not accept connections, fails at the moment,
                or has too many requests at once.
        """
        if self.in_flight >= self._settings.upstream_connections:
            raise self.unavailable()
        self.in_flight += 1
        try:
            return (None if fresh else self._kept(careful=careful)) or await self._open()
        except BaseException:
            self.in_flight -= 1
            raise

    def release(self, connection: Connection) -> None:
        """Take a connection back; one that cannot be used again is dropped."""
        self.in_flight -= 1
        if not connection.usable:
            connection.abort()
            return
        connection.reused = True
        connection.idle_since = time.monotonic()
        self._idle[connection] = None

    def close(self) -> None:
        """Drop every connection that is not in use."""
        while self._idle:
            self._idle.popitem()[0].abort()

    def unavailable(self) -> ServiceUnavailable:
        """Return the problem that tells a client to come back."""
        return ServiceUnavailable(service=self.name, retry_after=self.breaker.retry_after())

    def _kept(self, *, careful: bool) -> Connection | None:
        youngest = time.monotonic() - self._settings.keep_idle
        while self._idle:
            connection, _ = self._idle.popitem()
            fits = connection.idle_since >= youngest and connection.usable
            if fits and (not careful or connection.silent()):
                return connection
            connection.abort()
        return None

    async def _open(self) -> Connection:
        if not self.breaker.admits():
            raise self.unavailable()
        try:
            return await self._connect() or await self._knock()
        except OSError as error:
            self.breaker.failed()
            raise self.unavailable() from error

    async def _knock(self) -> Connection:
        """Try until the service is back or stays away; one request knocks for all that wait."""
        async with self._knocking:
            while (connection := await self._connect()) is None:
                continue
        return connection

    async def _connect(self) -> Connection | None:
        """Return a new connection; None, after a pause, where trying again may help."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._settings.connect_timeout):
                _, connection = await loop.create_connection(self._new, self.host, self.port)
        except OSError:
            if not self._may_be_starting():
                raise
            await asyncio.sleep(KNOCK_SECONDS)
            return None
        self._away_since = None
        return connection

    def _may_be_starting(self) -> bool:
        now = time.monotonic()
        self._away_since = self._away_since or now
        return now - self._away_since < self._settings.restart_seconds

    def _new(self) -> Connection:
        return Connection(self._forget)

    def _forget(self, connection: Connection) -> None:
        self._idle.pop(connection, None)
