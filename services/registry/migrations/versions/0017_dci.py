"""The systems that ask by the DCI standard, their keys, and the messages that they sent lately."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Create the tables; a sender that need not sign is a sandbox."""
    _senders()
    _key_changes()
    _messages()


def _senders() -> None:
    op.create_table(
        "dci_senders",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sender_id", sa.String(99), nullable=False),
        sa.Column("organisation", sa.String(100), nullable=False),
        sa.Column("client_id", sa.String(100)),
        sa.Column("callback_uri", sa.String(500)),
        sa.Column("signature_policy", sa.String(32), nullable=False),
        sa.Column("default_purpose", sa.String(64)),
        sa.Column("bulk", sa.Boolean, nullable=False),
        sa.Column("sandbox", sa.Boolean, nullable=False),
        sa.Column("suspended", sa.Boolean, nullable=False),
        sa.Column("keys", postgresql.JSONB, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dci_senders"),
        sa.UniqueConstraint("sender_id", name="uq_dci_senders_sender_id"),
        sa.CheckConstraint(
            "sandbox OR signature_policy = 'required'", name="ck_dci_senders_signed"
        ),
    )
    op.create_index("ix_dci_senders_organisation", "dci_senders", ["organisation"])


def _key_changes() -> None:
    op.create_table(
        "dci_key_changes",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sender", sa.Uuid, nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("keys", postgresql.JSONB, nullable=False),
        sa.Column("proposed_by", sa.String(200), nullable=False),
        sa.Column("decided_by", sa.String(200)),
        sa.PrimaryKeyConstraint("id", name="pk_dci_key_changes"),
        sa.ForeignKeyConstraint(
            ["sender"], ["dci_senders.id"], name="fk_dci_key_changes_sender_dci_senders"
        ),
    )
    op.create_index("ix_dci_key_changes_sender", "dci_key_changes", ["sender"])


def _messages() -> None:
    op.create_table(
        "dci_messages",
        sa.Column("sender", sa.Uuid, nullable=False),
        sa.Column("message_id", sa.String(99), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sender", "message_id", name="pk_dci_messages"),
        sa.ForeignKeyConstraint(
            ["sender"],
            ["dci_senders.id"],
            name="fk_dci_messages_sender_dci_senders",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_dci_messages_received_at", "dci_messages", ["received_at"])
