"""A partner's asynchronous request: who asked what, where the answer goes, what became of it."""

from datetime import datetime

import sqlalchemy as sa
from pydantic import JsonValue
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field
from typing_extensions import TypedDict

from kernel.auth import Actor
from kernel.db import Aggregate, state_column, utc_column
from services.registry.db import Table
from services.registry.dci.exchanges.lifecycle import ANSWERED, ExchangeLifecycle
from services.registry.dci.header import Action, MessageStatus

PLACE = "dci_exchanges.request"

Outcome = dict[str, JsonValue]
"""An answer without the records that were found."""


class Asker(TypedDict):
    """Who asked: the identity under which the request is carried out later."""

    subject: str
    client_id: str
    organisation: str
    kind: str
    scopes: list[str]
    regions: list[str]


def asker_of(actor: Actor) -> Asker:
    """Return an actor as it is kept."""
    return Asker(
        subject=actor.subject,
        client_id=actor.client_id,
        organisation=actor.organisation,
        kind=actor.kind,
        scopes=sorted(actor.scopes),
        regions=list(actor.regions),
    )


def actor_of(asker: Asker) -> Actor:
    """Return who asked."""
    return Actor(
        subject=asker["subject"],
        client_id=asker["client_id"],
        organisation=asker["organisation"],
        kind=asker["kind"],
        scopes=frozenset(asker["scopes"]),
        regions=tuple(asker["regions"]),
    )


class Exchange(Aggregate, Table, table=True):
    """One request; its id is the correlation id. What was asked is sealed: it may name persons."""

    __tablename__ = "dci_exchanges"
    __table_args__ = (
        sa.UniqueConstraint("sender_id", "message_id"),
        sa.Index("ix_dci_exchanges_transaction", "sender_id", "transaction_id"),
    )

    sender_id: str = Field(max_length=100)
    organisation: str = Field(max_length=100)
    message_id: str = Field(max_length=99)
    fingerprint: bytes
    action: Action = Field(sa_type=state_column(Action))
    transaction_id: str = Field(max_length=99)
    reference_ids: list[str] = Field(sa_type=JSONB)
    asker: Asker = Field(sa_type=JSONB)
    request: bytes
    url: str = Field(max_length=2000)
    sandbox: bool = False
    state: MessageStatus = Field(
        default=MessageStatus.RECEIVED, sa_type=state_column(MessageStatus)
    )
    outcome: Outcome | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    answered_at: datetime | None = Field(default=None, sa_type=utc_column())

    @property
    def correlation_id(self) -> str:
        """Return what the partner knows the exchange by."""
        return str(self.id)

    @property
    def is_answered(self) -> bool:
        """Tell whether it was carried out."""
        return self.state in ANSWERED

    def begin(self) -> None:
        """Note that the work has begun."""
        self.state = ExchangeLifecycle.begin(self.state)

    def answer(self, outcome: Outcome, *, success: bool, at: datetime) -> None:
        """Note what is answered."""
        move = ExchangeLifecycle.succeed if success else ExchangeLifecycle.reject
        self.state = move(self.state)
        self.outcome, self.answered_at = outcome, at
