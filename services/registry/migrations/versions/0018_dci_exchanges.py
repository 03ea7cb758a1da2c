"""Asynchronous exchanges: requests, subscriptions, events to be told, and callbacks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Create the tables."""
    _changes()
    _exchanges()
    _last_joined()
    _subscriptions()
    _targets()
    _collected()
    _deliveries()


def _changes() -> None:
    op.create_table(
        "dci_changes",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("household_id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dci_changes"),
    )


def _exchanges() -> None:
    op.create_table(
        "dci_exchanges",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sender_id", sa.String(100), nullable=False),
        sa.Column("organisation", sa.String(100), nullable=False),
        sa.Column("message_id", sa.String(99), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary, nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("transaction_id", sa.String(99), nullable=False),
        sa.Column("reference_ids", JSONB, nullable=False),
        sa.Column("asker", JSONB, nullable=False),
        sa.Column("request", sa.LargeBinary, nullable=False),
        sa.Column("url", sa.String(2000), nullable=False),
        sa.Column("sandbox", sa.Boolean, nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("outcome", JSONB),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_dci_exchanges"),
        sa.UniqueConstraint(
            "sender_id", "message_id", name="uq_dci_exchanges_sender_id_message_id"
        ),
    )
    op.create_index(
        "ix_dci_exchanges_transaction",
        "dci_exchanges",
        ["sender_id", "transaction_id"],
    )


def _last_joined() -> None:
    op.create_table(
        "dci_last_joined",
        sa.Column("household_id", sa.Uuid, nullable=False),
        sa.Column("member_version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("household_id", name="pk_dci_last_joined"),
    )


def _subscriptions() -> None:
    op.create_table(
        "dci_subscriptions",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sender_id", sa.String(99), nullable=False),
        sa.Column("organisation", sa.String(100), nullable=False),
        sa.Column("asker", JSONB, nullable=False),
        sa.Column("purpose", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("record_type", sa.String(32), nullable=False),
        sa.Column("criteria", sa.LargeBinary, nullable=False),
        sa.Column("fingerprint", sa.LargeBinary, nullable=False),
        sa.Column("url", sa.String(2000), nullable=False),
        sa.Column("sandbox", sa.Boolean, nullable=False),
        sa.Column("transaction_id", sa.String(99), nullable=False),
        sa.Column("reference_id", sa.String(99), nullable=False),
        sa.Column("locale", sa.String(3), nullable=False),
        sa.Column("cron", sa.String(200)),
        sa.Column("starts_at", sa.DateTime(timezone=True)),
        sa.Column("ends_at", sa.DateTime(timezone=True)),
        sa.Column("next_at", sa.DateTime(timezone=True)),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("ending", sa.String(32)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_dci_subscriptions"),
    )
    op.create_index(
        "ix_dci_subscriptions_kind",
        "dci_subscriptions",
        ["kind"],
        postgresql_where=sa.text("state = 'active'"),
    )
    op.create_index(
        "uq_dci_subscriptions_active",
        "dci_subscriptions",
        ["sender_id", "fingerprint"],
        unique=True,
        postgresql_where=sa.text("state = 'active'"),
    )


def _targets() -> None:
    op.create_table(
        "dci_targets",
        sa.Column("owner", sa.String(100), nullable=False),
        sa.Column("url", sa.String(2000), nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("rests_until", sa.DateTime(timezone=True)),
        sa.Column("gone_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("owner", "url", name="pk_dci_targets"),
    )


def _collected() -> None:
    op.create_table(
        "dci_collected",
        sa.Column("subscription_id", sa.Uuid, nullable=False),
        sa.Column("household_id", sa.Uuid, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["dci_subscriptions.id"],
            name="fk_dci_collected_subscription_id_dci_subscriptions",
        ),
        sa.PrimaryKeyConstraint("subscription_id", "household_id", name="pk_dci_collected"),
    )


def _deliveries() -> None:
    op.create_table(
        "dci_deliveries",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stream", sa.String(100), nullable=False),
        sa.Column("owner", sa.String(100), nullable=False),
        sa.Column("url", sa.String(2000), nullable=False),
        sa.Column("sandbox", sa.Boolean, nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True)),
        sa.Column("last_status", sa.Integer),
        sa.Column("last_error", sa.String(64)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("organisation", sa.String(100), nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("exchange_id", sa.Uuid),
        sa.Column("subscription_id", sa.Uuid),
        sa.Column("about", JSONB, nullable=False),
        sa.CheckConstraint(
            "(exchange_id IS NULL) <> (subscription_id IS NULL)",
            name="ck_dci_deliveries_one_origin",
        ),
        sa.ForeignKeyConstraint(
            ["exchange_id"],
            ["dci_exchanges.id"],
            name="fk_dci_deliveries_exchange_id_dci_exchanges",
        ),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["dci_subscriptions.id"],
            name="fk_dci_deliveries_subscription_id_dci_subscriptions",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_dci_deliveries"),
    )
    op.create_index("ix_dci_deliveries_ended_at", "dci_deliveries", ["ended_at"])
    op.create_index("ix_dci_deliveries_exchange_id", "dci_deliveries", ["exchange_id"])
    op.create_index("ix_dci_deliveries_organisation", "dci_deliveries", ["organisation"])
    op.create_index(
        "ix_dci_deliveries_subscription_id",
        "dci_deliveries",
        ["subscription_id"],
    )
    op.create_index(
        "ix_dci_deliveries_waiting",
        "dci_deliveries",
        ["stream", "id"],
        postgresql_where=sa.text("state = 'waiting'"),
    )
