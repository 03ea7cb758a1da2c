"""A connection of one's own to PostgreSQL: for locks that live as long as it, and for NOTIFY."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

import asyncpg

CONNECT_SECONDS = 5.0
STATEMENT_SECONDS = 30.0
CLOSE_SECONDS = 2.0


class Line:
    """One dedicated connection. Statements take turns; once it breaks, every statement raises."""

    def __init__(self, connection: "asyncpg.Connection") -> None:
        self._connection = connection
        self._turn = asyncio.Lock()
        self.woken = asyncio.Event()
        connection.add_termination_listener(lambda _: self.woken.set())

    @classmethod
    async def open(
        cls,
        url: str,
        *,
        name: str,
        listen: Mapping[str, Callable[[str], None]] | None = None,
        durable: bool = True,
    ) -> "Line":
        """Connect, and call back with the payload of each NOTIFY on the named channels.

        `durable=False` is for what a crash of the server may undo without harm: its commits do not
        wait for the disk.

        Raises:
            OSError, asyncpg.PostgresError: there is no way in.
        """
        connection = await asyncpg.connect(
            url,
            timeout=CONNECT_SECONDS,
            command_timeout=STATEMENT_SECONDS,
            server_settings={
                "application_name": name,
                "timezone": "UTC",
                **({} if durable else {"synchronous_commit": "off"}),
            },
        )
        line = cls(connection)
        for channel, heard in (listen or {}).items():
            await connection.add_listener(channel, line._called(heard))
        return line

    def _called(self, heard: Callable[[str], None]) -> Callable[..., None]:
        return lambda _connection, _pid, _channel, payload: heard(payload)

    async def rows(self, statement: str, *arguments: Any) -> list[Any]:
        """Run one statement and return its rows."""
        async with self._turn:
            found: list[Any] = await self._connection.fetch(statement, *arguments)
            return found

    async def value(self, statement: str, *arguments: Any) -> Any:
        """Run one statement and return the first column of its first row."""
        async with self._turn:
            return await self._connection.fetchval(statement, *arguments)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator["asyncpg.Connection"]:
        """Keep the line for one transaction."""
        async with self._turn, self._connection.transaction():
            yield self._connection

    async def wait(self, seconds: float) -> None:
        """Wait until something set `woken`, but no longer than `seconds`."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.woken.wait()

    async def close(self) -> None:
        """Hang up, politely if the server still listens."""
        try:
            await self._connection.close(timeout=CLOSE_SECONDS)
        except (TimeoutError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            self._connection.terminate()
