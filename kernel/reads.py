"""Reads that are asked thousands of times a second: one prepared statement, no session, no mapper.

An object mapper's session costs several times what PostgreSQL needs to find a row by its key.
"""

import asyncio
from typing import Any

import asyncpg

from kernel.line import CLOSE_SECONDS, CONNECT_SECONDS, STATEMENT_SECONDS

CONNECTIONS = 4
WAIT_SECONDS = 5.0
BROKEN = (asyncpg.PostgresConnectionError, asyncpg.InterfaceError)


class Reads:
    """A few connections of their own, opened when they are first needed."""

    def __init__(self, url: str, *, service: str, connections: int = CONNECTIONS) -> None:
        self._url = url
        self._service = service
        self._idle: asyncio.LifoQueue[asyncpg.Connection | None] = asyncio.LifoQueue()
        for _ in range(connections):
            self._idle.put_nowait(None)
        self._connections = connections

    async def rows(self, statement: str, *arguments: Any) -> list[Any]:
        """Run one statement, prepared once a connection, in a transaction of its own.

        Raises:
            OSError: PostgreSQL cannot be reached, or every connection is busy for too long.
        """
        connection = await self._free()
        try:
            if connection is None or connection.is_closed():
                connection = await self._opened()
            found: list[Any] = await connection.fetch(statement, *arguments)
            return found
        except BROKEN as error:
            if connection is None or connection.is_closed():
                raise ConnectionError(type(error).__name__) from error
            raise
        finally:
            self._idle.put_nowait(connection)

    async def _free(self) -> "asyncpg.Connection | None":
        if not self._idle.empty():
            return self._idle.get_nowait()
        async with asyncio.timeout(WAIT_SECONDS):
            return await self._idle.get()

    async def _opened(self) -> "asyncpg.Connection":
        return await asyncpg.connect(
            self._url,
            timeout=CONNECT_SECONDS,
            command_timeout=STATEMENT_SECONDS,
            server_settings={"application_name": self._service, "timezone": "UTC"},
        )

    async def close(self) -> None:
        """Hang up, once every read has ended."""
        for _ in range(self._connections):
            connection = await self._free()
            if connection is not None:
                await connection.close(timeout=CLOSE_SECONDS)
