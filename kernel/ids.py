"""Identifiers: ours, time-ordered, and safe to show."""

from uuid import UUID

import uuid_utils
from asyncpg.pgproto import pgproto


def new_id() -> UUID:
    """Return a new UUID version 7 (RFC 9562): ids made later sort later."""
    return UUID(int=uuid_utils.uuid7().int)


def read_id(text: str) -> UUID:
    """Return the UUID that is written there, several times as fast as its class reads it.

    Raises:
        ValueError: it is none.
    """
    read: UUID = pgproto.UUID(text)
    return read
