"""Identifiers: ours, time-ordered, and safe to show."""

from uuid import UUID

import uuid_utils


def new_id() -> UUID:
    """Return a new UUID version 7 (RFC 9562): ids made later sort later."""
    return UUID(int=uuid_utils.uuid7().int)
