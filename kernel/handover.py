"""What one consumer took, parked and gave up on becomes what another did."""

from collections.abc import Collection

import asyncpg

BUSY_SECONDS = 3_600.0  # an inbox holds months

FORGET = (
    "DELETE FROM inbox WHERE consumer = $1",
    "DELETE FROM parked WHERE consumer = $1",
    "DELETE FROM dead_letter WHERE consumer = $1",
)
UNLEARN = """
WITH unlearned AS (
    DELETE FROM inbox AS old WHERE consumer = $1 AND event_type = ANY($3) AND NOT EXISTS
        (SELECT FROM inbox AS new WHERE new.consumer = $2 AND new.event_id = old.event_id)
    RETURNING 1
) SELECT count(*) FROM unlearned
"""
LEARN = """
INSERT INTO inbox (consumer, event_id, event_type)
SELECT $1::text, event_id, event_type FROM inbox AS new WHERE consumer = $2 AND NOT EXISTS
    (SELECT FROM inbox AS old WHERE old.consumer = $1 AND old.event_id = new.event_id)
"""
LET_GO = (
    "DELETE FROM parked WHERE consumer = $1",
    "DELETE FROM dead_letter WHERE consumer = $1 AND redriven_at IS NULL",
)
TAKE = (
    "UPDATE parked SET consumer = $1 WHERE consumer = $2",
    "UPDATE dead_letter SET consumer = $1 WHERE consumer = $2",
)


async def forget(connection: asyncpg.Connection, consumer: str) -> None:
    """Forget everything of a consumer."""
    for statement in FORGET:
        await connection.execute(statement, consumer, timeout=BUSY_SECONDS)


async def hand_over(
    connection: asyncpg.Connection, *, to: str, of: str, types: Collection[str]
) -> int:
    """Let consumer `to` have taken what `of` took; return how many events it knew and `of` not.

    Only the difference is written: the one usually knows almost all that the other does.
    """
    unlearned = await connection.fetchval(UNLEARN, to, of, list(types), timeout=BUSY_SECONDS)
    await connection.execute(LEARN, to, of, timeout=BUSY_SECONDS)
    for statement in LET_GO:
        await connection.execute(statement, to)
    for statement in TAKE:
        await connection.execute(statement, to, of)
    return int(unlearned)
