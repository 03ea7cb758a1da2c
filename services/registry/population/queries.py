"""Everything that inventing families asks of the registry's tables."""

from collections.abc import Sequence

import asyncpg


async def desa_codes(connection: "asyncpg.Connection") -> Sequence[str]:
    """Return every desa in which families can be registered."""
    query = "SELECT code FROM regions WHERE level = 'desa' AND valid_until IS NULL"
    return [row["code"] for row in await connection.fetch(query)]


async def next_number(connection: "asyncpg.Connection") -> int:
    """Return the number of the first family that was not invented here before."""
    last = await connection.fetchval(
        "SELECT max(reference) FROM households WHERE reference BETWEEN 'GEN-0' AND 'GEN-9~'"
    )
    return int(last.removeprefix("GEN-")) + 1 if last else 0
