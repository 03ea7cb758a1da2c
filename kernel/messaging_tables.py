"""The tables of the outbox, the inbox and what stands beside them, in each service's database."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import BYTEA, JSONB


def add_messaging_tables(metadata: sa.MetaData) -> None:
    """Declare the tables on a service's metadata."""
    _streams(metadata)
    _outbox(metadata)
    _inbox(metadata)
    _parked(metadata)
    _dead_letters(metadata)
    _idempotency_keys(metadata)


def create_messaging_tables() -> None:
    """Create the tables: the first step of every service's migrations."""
    metadata = sa.MetaData()
    add_messaging_tables(metadata)
    metadata.create_all(op.get_bind())


def _moment(name: str, *, default: bool = False, nullable: bool = False) -> "sa.Column[object]":
    server_default = sa.func.now() if default else None
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=server_default, nullable=nullable
    )


def _streams(metadata: sa.MetaData) -> None:
    sa.Table(
        "event_stream",
        metadata,
        sa.Column("topic", sa.Text, primary_key=True),
        sa.Column("key", sa.Uuid, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
    )


def _outbox(metadata: sa.MetaData) -> None:
    outbox = sa.Table(
        "outbox",
        metadata,
        sa.Column("seq", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("shard", sa.SmallInteger, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("key", sa.Uuid, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        _moment("occurred_at"),
        sa.Column("traceparent", sa.Text),
        sa.Column("payload", BYTEA, nullable=False),
        _moment("published_at", nullable=True),
    )
    unpublished = outbox.c.published_at.is_(None)
    sa.Index("outbox_unpublished", outbox.c.shard, outbox.c.seq, postgresql_where=unpublished)


def _inbox(metadata: sa.MetaData) -> None:
    sa.Table(
        "inbox",
        metadata,
        sa.Column("consumer", sa.Text, primary_key=True),
        sa.Column("event_id", sa.Uuid, primary_key=True),
        sa.Column("event_type", sa.Text, nullable=False),
        _moment("received_at", default=True),
    )


def _parked(metadata: sa.MetaData) -> None:
    sa.Table(
        "parked",
        metadata,
        sa.Column("position", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("consumer", sa.Text, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("partition", sa.Integer, nullable=False),
        sa.Column("offset", sa.BigInteger, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("event_id", sa.Uuid, nullable=False),
        sa.Column("headers", JSONB, nullable=False),
        sa.Column("value", BYTEA, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("error_class", sa.Text, nullable=False),
        _moment("parked_at", default=True),
        _moment("next_attempt_at"),
        sa.UniqueConstraint("consumer", "event_id", name="uq_parked_consumer_event_id"),
        sa.Index("parked_by_key", "consumer", "topic", "key", "position"),
    )


def _dead_letters(metadata: sa.MetaData) -> None:
    sa.Table(
        "dead_letter",
        metadata,
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("consumer", sa.Text, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("partition", sa.Integer, nullable=False),
        sa.Column("offset", sa.BigInteger, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("event_id", sa.Uuid),
        sa.Column("event_type", sa.Text),
        sa.Column("headers", JSONB, nullable=False),
        sa.Column("value", BYTEA, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("error_class", sa.Text, nullable=False),
        sa.Column("trace_id", sa.Text),
        _moment("failed_at", default=True),
        _moment("redriven_at", nullable=True),
        sa.UniqueConstraint(
            "consumer", "topic", "partition", "offset", name="uq_dead_letter_consumer_place"
        ),
    )


def _idempotency_keys(metadata: sa.MetaData) -> None:
    sa.Table(
        "idempotency_key",
        metadata,
        sa.Column("scope", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("body_hash", BYTEA, nullable=False),
        sa.Column("status", sa.SmallInteger, nullable=False),
        sa.Column("headers", JSONB, nullable=False),
        sa.Column("body", BYTEA, nullable=False),
        _moment("created_at", default=True),
    )
