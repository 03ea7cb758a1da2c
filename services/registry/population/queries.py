"""Everything that inventing families asks of the registry's tables."""

from collections.abc import Sequence

import asyncpg


async def desa_codes(connection: "asyncpg.Connection") -> Sequence[str]:
    """Return every desa in which families can be registered."""
    query = "SELECT code FROM regions WHERE level = 'desa' AND valid_until IS NULL"
    return [row["code"] for row in await connection.fetch(query)]
