"""The tables of the outbox, the inbox and what stands beside them, in each service's database."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import BYTEA, JSONB

from kernel.db import NAMING_CONVENTION

# Rows of a queue die young: without this the relay reads past thousands of dead ones.
VACUUM_SOON = {"autovacuum_vacuum_scale_factor": 0.02, "autovacuum_analyze_scale_factor": 0.02}


def add_messaging_tables(metadata: sa.MetaData) -> None:
    """Declare the tables on a service's metadata."""
    _streams(metadata)
    _outbox(metadata)
    _inbox(metadata)
    _parked(metadata)
    _dead_letters(metadata)
    _consumer_lag(metadata)
    _idempotency_keys(metadata)


def create_messaging_tables() -> None:
    """Create the tables: the first step of every service's migrations."""
    metadata = sa.MetaData(naming_convention=NAMING_CONVENTION)
    add_messaging_tables(metadata)
    metadata.create_all(op.get_bind())


def _moment(name: str, *, default: bool = False, nullable: bool = False) -> "sa.Column[Any]":
    server_default = sa.func.now() if default else None
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=server_default, nullable=nullable
    )


def _text(name: str, *, nullable: bool = False) -> "sa.Column[Any]":
    return sa.Column(name, sa.Text, nullable=nullable)


def _streams(metadata: sa.MetaData) -> None:
    sa.Table(
        "event_stream",
        metadata,
        sa.Column("topic", sa.Text, primary_key=True),
        sa.Column("key", sa.Uuid, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        postgresql_with={"fillfactor": 80},
    )


def _outbox(metadata: sa.MetaData) -> None:
    outbox = sa.Table(
        "outbox",
        metadata,
        sa.Column("seq", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("shard", sa.SmallInteger, nullable=False),
        _text("topic"),
        sa.Column("key", sa.Uuid, nullable=False),
        _text("type"),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        _moment("occurred_at"),
        _text("traceparent", nullable=True),
        sa.Column("payload", BYTEA, nullable=False),
        _moment("published_at", nullable=True),
        postgresql_with=VACUUM_SOON,
    )
    published_at = outbox.c.published_at
    unpublished = published_at.is_(None)
    sa.Index("outbox_unpublished", outbox.c.shard, outbox.c.seq, postgresql_where=unpublished)
    # Published in the order of the table, so the smallest of indexes finds what is old.
    sa.Index("outbox_published_at", published_at, postgresql_using="brin")


def _inbox(metadata: sa.MetaData) -> None:
    sa.Table(
        "inbox",
        metadata,
        sa.Column("consumer", sa.Text, primary_key=True),
        sa.Column("event_id", sa.Uuid, primary_key=True),
        _text("event_type"),
        _moment("received_at", default=True),
        sa.Index("inbox_received_at", "received_at", postgresql_using="brin"),
    )


def _record_columns() -> "list[sa.Column[Any]]":
    """Return the columns that keep a record as it was read.

    The headers are `json`, not `jsonb`: a poisoned one may hold the character U+0000.
    """
    return [
        _text("consumer"),
        _text("topic"),
        sa.Column("partition", sa.Integer, nullable=False),
        sa.Column("offset", sa.BigInteger, nullable=False),
        _text("key"),
        sa.Column("event_id", sa.Uuid),
        _text("event_type", nullable=True),
        sa.Column("headers", sa.JSON, nullable=False),
        sa.Column("value", BYTEA, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        _text("error_class"),
        _moment("failed_at"),
    ]


def _parked(metadata: sa.MetaData) -> None:
    sa.Table(
        "parked",
        metadata,
        sa.Column("position", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        *_record_columns(),
        _moment("next_attempt_at"),
        sa.Index("parked_once", "consumer", "event_id", unique=True),
        sa.Index("parked_by_key", "consumer", "topic", "key", "position"),
    )


def _dead_letters(metadata: sa.MetaData) -> None:
    dead_letter = sa.Table(
        "dead_letter",
        metadata,
        sa.Column("id", sa.Uuid, primary_key=True),
        *_record_columns(),
        _text("trace_id", nullable=True),
        _moment("redriven_at", nullable=True),
    )
    column, waiting = dead_letter.c, dead_letter.c.redriven_at.is_(None)
    once: dict[str, Any] = {"unique": True, "postgresql_where": waiting}
    sa.Index("dead_letter_event", column.consumer, column.event_id, **once)
    place = (column.consumer, column.topic, column.partition, column.offset)
    sa.Index("dead_letter_place", *place, **once)


def _consumer_lag(metadata: sa.MetaData) -> None:
    sa.Table(
        "consumer_lag",
        metadata,
        sa.Column("consumer", sa.Text, primary_key=True),
        sa.Column("records", sa.BigInteger, nullable=False),
        _moment("measured_at"),
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
