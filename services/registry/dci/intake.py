"""Taking a message in: whose it is, that it is theirs, new, of now, and for this address."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import ValidationError

from kernel import clock
from kernel.auth import Actor
from kernel.db import UnitOfWork
from kernel.ids import new_id
from kernel.problems import Text
from services.registry.dci import queries
from services.registry.dci.envelope import (
    MALFORMED,
    Envelope,
    Object,
    Ourselves,
    Refused,
    places_in,
    read,
)
from services.registry.dci.header import (
    VERSION,
    Action,
    AnswerHeader,
    HeaderReason,
    MessageHeader,
    MessageStatus,
    Part,
)
from services.registry.dci.messages import ErrorCode
from services.registry.dci.models import Sender, SignaturePolicy
from services.registry.dci.signature import SignatureInvalid, verify

OLDEST = timedelta(hours=24)
SKEW = timedelta(minutes=5)
UNSIGNED = frozenset({"unsigned", "unsigned-stub"})
"""What the public conformance suite writes where no signature is; heard from sandboxes only."""

REASON_OF = {
    "message_ts": HeaderReason.MESSAGE_TS_INVALID,
    "action": HeaderReason.ACTION_INVALID,
    "total_count": HeaderReason.TOTAL_COUNT_INVALID,
    "version": HeaderReason.VERSION_INVALID,
}

OTHER_VERSION = Text(
    id="Kami berbicara versi {version} saja.", en="We speak version {version} only."
)
UNKNOWN_SENDER = Text(
    id="'sender_id' ini tidak terdaftar untuk organisasi dan klien token Anda.",
    en="This 'sender_id' is not registered for your token's organisation and client.",
)
OTHER_RECEIVER = Text(
    id="'receiver_id' kami {receiver_id}.", en="Our 'receiver_id' is {receiver_id}."
)
ENCRYPTED = Text(
    id="Pesan terenkripsi tidak diterima; salurannya yang dienkripsi (TLS).",
    en="Encrypted messages are not taken; the channel is encrypted (TLS).",
)
SIGNATURE_MISSING = Text(
    id="Pesan pengirim ini wajib ditandatangani.", en="This sender's messages must be signed."
)
SIGNATURE_WRONG = Text(
    id="Tanda tangan tidak sah untuk pesan, kunci, atau waktu ini.",
    en="The signature does not hold for this message, key or time.",
)
OTHER_ACTION = Text(id="Alamat ini menerima '{action}'.", en="This address takes '{action}'.")
OUT_OF_TIME = Text(
    id="'message_ts' harus dari 24 jam terakhir, dan bukan dari masa depan.",
    en="'message_ts' must be of the last 24 hours, and not of the future.",
)
SENT_BEFORE = Text(
    id="'message_id' ini sudah dipakai pengirim ini.",
    en="This sender used this 'message_id' before.",
)


@dataclass(frozen=True)
class Received:
    """A message that was taken in, and who sent it; `correlation_id` is ours, for all answers."""

    action: Action
    header: MessageHeader
    message: Object
    sender: Sender
    at: datetime
    correlation_id: str

    def answer_header(self, ourselves: Ourselves, *, status: MessageStatus) -> AnswerHeader:
        """Return the header of the answer."""
        return AnswerHeader(
            message_id=str(new_id()),
            message_ts=clock.now(),
            action=self.action.answer,
            status=status,
            total_count=self.header.total_count,
            completed_count=self.header.total_count,
            sender_id=ourselves.sender_id,
            receiver_id=self.sender.sender_id,
        )

    def answered(
        self, ourselves: Ourselves, message: Part, *, withheld: Sequence[str] = ()
    ) -> Object:
        """Return the signed answer; its `meta` names the fields that the agreement withholds."""
        header = self.answer_header(ourselves, status=MessageStatus.SUCCEEDED)
        header.meta = {"withheld": [*withheld]} if withheld else None
        return ourselves.sealed(header, message, at=header.message_ts)


async def take_in(
    body: bytes, actor: Actor, uow: UnitOfWork, *, action: Action, ourselves: Ourselves
) -> Received:
    """Return the message of a body that an actor's system sent to the address of an action.

    Raises:
        Refused: something is wrong with it; nothing of it was done.
    """
    now = clock.now()
    envelope = read(body)
    header = _header(envelope.header)
    sender = await queries.find_named(uow.session, header.sender_id)
    if sender is None or not sender.is_of(
        organisation=actor.organisation, client_id=actor.client_id
    ):
        raise Refused(ErrorCode.SENDER_ID_INVALID, UNKNOWN_SENDER)
    _check_signature(envelope, sender, at=now)
    _check_header(header, action=action, ourselves=ourselves, at=now)
    if not await queries.remember(uow, sender, header.message_id, at=now):
        reason = HeaderReason.MESSAGE_ID_DUPLICATE
        raise Refused(ErrorCode.BAD, SENT_BEFORE, reason=reason)
    return Received(action, header, envelope.message, sender, now, str(new_id()))


def _header(given: Object) -> MessageHeader:
    if given.get("version", VERSION) != VERSION:
        reason = HeaderReason.VERSION_INVALID
        raise Refused(
            ErrorCode.VERSION_NOT_SUPPORTED, OTHER_VERSION, reason=reason, version=VERSION
        )
    try:
        return MessageHeader.model_validate(given)
    except ValidationError as error:
        first = str(error.errors()[0]["loc"][0])
        wrong = REASON_OF.get(first) if first in given else None
        places = places_in(error, of="header")
        raise Refused(ErrorCode.BAD, MALFORMED, reason=wrong, places=places) from error


def _check_signature(envelope: Envelope, sender: Sender, *, at: datetime) -> None:
    signature = envelope.signature
    if sender.sandbox and signature in UNSIGNED:
        signature = None
    if signature is None:
        if sender.signature_policy is SignaturePolicy.REQUIRED:
            raise Refused(ErrorCode.SIGNATURE_MISSING, SIGNATURE_MISSING)
        return
    try:
        verify(
            signature,
            envelope.header,
            envelope.message,
            sender_id=sender.sender_id,
            keys=sender.keys,
            at=at,
        )
    except SignatureInvalid as error:
        raise Refused(ErrorCode.SIGNATURE_INVALID, SIGNATURE_WRONG) from error


def _check_header(
    header: MessageHeader, *, action: Action, ourselves: Ourselves, at: datetime
) -> None:
    ours = ourselves.sender_id
    if header.receiver_id not in (None, ours):
        raise Refused(ErrorCode.RECEIVER_ID_INVALID, OTHER_RECEIVER, receiver_id=ours)
    if header.is_msg_encrypted:
        raise Refused(ErrorCode.ENCRYPTION_INVALID, ENCRYPTED)
    if header.action != action:
        known = header.action in set(Action)
        reason = HeaderReason.ACTION_INVALID if known else HeaderReason.ACTION_NOT_SUPPORTED
        raise Refused(ErrorCode.BAD, OTHER_ACTION, reason=reason, action=action.value)
    if not at - OLDEST <= header.message_ts <= at + SKEW:
        raise Refused(ErrorCode.BAD, OUT_OF_TIME, reason=HeaderReason.MESSAGE_TS_INVALID)
