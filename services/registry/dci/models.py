"""The systems that ask by the DCI standard, their keys, and the messages that they sent lately."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from kernel import clock
from kernel.db import Aggregate, state_column, utc_column
from services.registry.db import Table
from services.registry.dci.lifecycle import KeyChange, KeyChangeLifecycle
from services.registry.dci.problems import OnlySandboxUnsigned, SecondPersonNeeded
from services.registry.dci.signature import KeySet


class SignaturePolicy(StrEnum):
    """Whether a sender's messages must be signed; a signature that is there must hold."""

    REQUIRED = "required"
    OPTIONAL = "optional"


def no_keys() -> KeySet:
    """Return the key set of a sender whose first keys wait for approval."""
    return KeySet(keys=[])


class Sender(Aggregate, Table, table=True):
    """A partner's system. `callback_uri` is the head of every address that we may answer to.

    `client_id`, where it is given, is the only client of the organisation that may send as it.
    `default_purpose` is the purpose of messages that name none.
    """

    __tablename__ = "dci_senders"

    sender_id: str = Field(max_length=99, unique=True)
    organisation: str = Field(max_length=100, index=True)
    client_id: str | None = Field(default=None, max_length=100)
    callback_uri: str | None = Field(default=None, max_length=500)
    signature_policy: SignaturePolicy = Field(
        default=SignaturePolicy.REQUIRED, sa_type=state_column(SignaturePolicy)
    )
    default_purpose: str | None = Field(default=None, max_length=64)
    bulk: bool = False
    sandbox: bool = False
    suspended: bool = False
    keys: KeySet = Field(default_factory=no_keys, sa_type=JSONB)

    __table_args__ = (
        sa.CheckConstraint("sandbox OR signature_policy = 'required'", name="signed"),
    )

    def check(self) -> None:
        """Guard what was registered or changed.

        Raises:
            OnlySandboxUnsigned: a real sender would not have to sign.
        """
        if self.signature_policy is SignaturePolicy.OPTIONAL and not self.sandbox:
            raise OnlySandboxUnsigned

    def is_of(self, *, organisation: str, client_id: str) -> bool:
        """Tell whether a caller may send as this sender now."""
        own = self.organisation == organisation and self.client_id in (None, client_id)
        return own and not self.suspended

    def takes_answers_at(self, uri: str) -> bool:
        """Tell whether an address lies at or below the one that the sender registered."""
        head = (self.callback_uri or "").rstrip("/")
        return bool(head) and (uri == head or uri.startswith((f"{head}/", f"{head}?")))


class SenderKeyChange(Aggregate, Table, table=True):
    """New keys of a sender, which a second person lets hold."""

    __tablename__ = "dci_key_changes"

    sender: UUID = Field(foreign_key="dci_senders.id", index=True)
    state: KeyChange = Field(default=KeyChange.PROPOSED, sa_type=state_column(KeyChange))
    keys: KeySet = Field(sa_type=JSONB)
    proposed_by: str = Field(max_length=200)
    decided_by: str | None = Field(default=None, max_length=200)

    def approve(self, sender: Sender, *, by: str) -> None:
        """Let the new keys hold, and the old ones no more.

        Raises:
            SecondPersonNeeded: the one who proposed them decides.
        """
        self.decide(KeyChangeLifecycle.approve(self.state), by=by)
        sender.keys = self.keys

    def reject(self, *, by: str) -> None:
        """Let the old keys hold on.

        Raises:
            SecondPersonNeeded: the one who proposed the new ones decides.
        """
        self.decide(KeyChangeLifecycle.reject(self.state), by=by)

    def decide(self, state: KeyChange, *, by: str) -> None:
        """Note who decided what.

        Raises:
            SecondPersonNeeded: it is the one who proposed it.
        """
        if by == self.proposed_by:
            raise SecondPersonNeeded
        self.state, self.decided_by = state, by


class SeenMessage(Table, table=True):
    """A message id that a sender used; kept until a message of its age is refused anyway."""

    __tablename__ = "dci_messages"

    sender: UUID = Field(foreign_key="dci_senders.id", primary_key=True, ondelete="CASCADE")
    message_id: str = Field(max_length=99, primary_key=True)
    received_at: datetime = Field(default_factory=clock.now, sa_type=utc_column(), index=True)
