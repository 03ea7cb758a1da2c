"""Which events a partner wants to hear of, and those that happened and were not told on yet."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from kernel import clock
from kernel.db import Aggregate, state_column, utc_column
from kernel.ids import new_id
from services.registry.db import Table
from services.registry.dci.event_messages import SubscriptionInfo, SubscriptionStatus
from services.registry.dci.exchanges.models import Asker
from services.registry.dci.messages import Entity
from services.registry.dci.subscriptions.kinds import EventKind
from services.registry.dci.subscriptions.lifecycle import Ending, State, SubscriptionLifecycle
from services.registry.dci.subscriptions.timetable import read_timetable

PLACE = "dci_subscriptions.criteria"


class Subscription(Aggregate, Table, table=True):
    """One subscription; its id is its code. Its criteria are sealed: a filter may name a person.

    Without `cron` events are told at once; with it they are collected, between `starts_at` and
    `ends_at`, until `next_at`.
    """

    __tablename__ = "dci_subscriptions"
    __table_args__ = (
        sa.Index(
            "uq_dci_subscriptions_active",
            "sender_id",
            "fingerprint",
            unique=True,
            postgresql_where=sa.text("state = 'active'"),
        ),
        sa.Index("ix_dci_subscriptions_kind", "kind", postgresql_where=sa.text("state = 'active'")),
    )

    sender_id: str = Field(max_length=99)
    organisation: str = Field(max_length=100)
    asker: Asker = Field(sa_type=JSONB)
    purpose: str = Field(max_length=64)
    kind: EventKind = Field(sa_type=state_column(EventKind))
    record_type: Entity = Field(sa_type=state_column(Entity))
    criteria: bytes
    fingerprint: bytes
    url: str = Field(max_length=2000)
    sandbox: bool = False
    transaction_id: str = Field(max_length=99)
    reference_id: str = Field(max_length=99)
    locale: str = Field(max_length=3)
    cron: str | None = Field(default=None, max_length=200)
    starts_at: datetime | None = Field(default=None, sa_type=utc_column())
    ends_at: datetime | None = Field(default=None, sa_type=utc_column())
    next_at: datetime | None = Field(default=None, sa_type=utc_column())
    state: State = Field(default=State.ACTIVE, sa_type=state_column(State))
    ending: Ending | None = Field(default=None, sa_type=state_column(Ending))
    ended_at: datetime | None = Field(default=None, sa_type=utc_column())

    @property
    def code(self) -> str:
        """Return what the partner knows the subscription by."""
        return str(self.id)

    def end(self, why: Ending, *, at: datetime) -> None:
        """Tell nothing more."""
        self.state = SubscriptionLifecycle.end(self.state)
        self.ending, self.ended_at, self.next_at = why, at, None

    def schedule(self, *, after: datetime) -> None:
        """Set when the next collection goes out; the last one at the end of the period."""
        if self.cron is None or self.ends_at is None:
            return
        ringing = read_timetable(self.cron).after(max(after, self.starts_at or after))
        self.next_at = min(ringing or self.ends_at, self.ends_at)

    def info(self) -> SubscriptionInfo:
        """Return the subscription as it is told; its filter is the partner's own, and stays."""
        live = self.state is State.ACTIVE
        return SubscriptionInfo(
            code=self.code,
            status=SubscriptionStatus.SUBSCRIBE if live else SubscriptionStatus.UNSUBSCRIBE,
            timestamp=self.recorded_at,
            reg_event_type=self.kind.value,
            notify_record_type=self.record_type.value,
        )


class Change(Table, table=True):
    """An event of a family that somebody subscribed to, until it was matched with subscriptions."""

    __tablename__ = "dci_changes"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    household_id: UUID
    kind: EventKind = Field(sa_type=state_column(EventKind))
    at: datetime = Field(default_factory=clock.now, sa_type=utc_column())


class LastJoined(Table, table=True):
    """Up to which version of a family its new members were looked for."""

    __tablename__ = "dci_last_joined"

    household_id: UUID = Field(primary_key=True)
    member_version: int


class Collected(Table, table=True):
    """An event that a subscription's next collection tells; a family's last one of a kind."""

    __tablename__ = "dci_collected"

    subscription_id: UUID = Field(foreign_key="dci_subscriptions.id", primary_key=True)
    household_id: UUID = Field(primary_key=True)
    at: datetime = Field(sa_type=utc_column())
