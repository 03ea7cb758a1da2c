"""The outbox, the inbox, dead letters and idempotency keys."""

from kernel.messaging_tables import create_messaging_tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the tables that every service's messaging needs."""
    create_messaging_tables()
