"""The header of a DCI message: who sends what when, and of an answer: what became of it."""

import re
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    StrictBool,
    StrictInt,
)

VERSION = "1.0.0"
ANSWERED = "on-"

RFC_3339 = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)


def _moment(given: object) -> object:
    if isinstance(given, datetime) or (isinstance(given, str) and RFC_3339.fullmatch(given)):
        return given
    raise ValueError("RFC 3339 with an offset")


Timestamp = Annotated[AwareDatetime, BeforeValidator(_moment)]
"""A moment as RFC 3339 with its offset; a number or a local time is none."""

Id = Annotated[str, Field(min_length=1, max_length=99)]
"""What names a transaction, correlation, message, request or subscription."""

Reason = Annotated[str, Field(max_length=999)]
Locale = Annotated[str, Field(pattern=r"^[a-z]{3}$", examples=["ind", "eng"])]
"""A language by ISO 639-3; we speak `ind` and `eng`."""


class Part(BaseModel):
    """A part of a message: what the standard does not name is carried, not understood."""

    model_config = ConfigDict(extra="ignore")


class Action(StrEnum):
    """What a message asks for."""

    SEARCH = "search"
    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"
    TXN_STATUS = "txn-status"
    ENROLLED = "enrolled"
    NOTIFY = "notify"

    @property
    def answer(self) -> str:
        """Name the action of the answer: `on-search`; the standard makes one exception."""
        return "txn-on-status" if self is Action.TXN_STATUS else f"{ANSWERED}{self.value}"


class MessageStatus(StrEnum):
    """What became of a message, or of one request in it."""

    RECEIVED = "rcvd"
    PENDING = "pdng"
    SUCCEEDED = "succ"
    REJECTED = "rjct"


class HeaderReason(StrEnum):
    """Why a whole message is rejected."""

    VERSION_INVALID = "rjct.version.invalid"
    MESSAGE_ID_DUPLICATE = "rjct.message_id.duplicate"
    MESSAGE_TS_INVALID = "rjct.message_ts.invalid"
    ACTION_INVALID = "rjct.action.invalid"
    ACTION_NOT_SUPPORTED = "rjct.action.not_supported"
    TOTAL_COUNT_INVALID = "rjct.total_count.invalid"
    TOTAL_COUNT_LIMIT_EXCEEDED = "rjct.total_count.limit_exceeded"
    ERRORS_TOO_MANY = "rjct.errors.too_many"


class MessageHeader(Part):
    """The header of a request (MsgHeader_V1.0.0)."""

    version: str = VERSION
    message_id: Id
    message_ts: Timestamp
    action: str
    sender_id: Id
    sender_uri: Annotated[str, Field(max_length=2000)] | None = None
    receiver_id: Annotated[str, Field(max_length=200)] | None = None
    total_count: StrictInt
    is_msg_encrypted: StrictBool = False
    meta: dict[str, JsonValue] | None = None


class AnswerHeader(Part):
    """The header of an answer, of a callback and of a notification (MsgCallbackHeader_V1.0.0)."""

    version: str = VERSION
    message_id: Id
    message_ts: Timestamp
    action: str
    status: MessageStatus
    status_reason_code: HeaderReason | None = None
    status_reason_message: Reason | None = None
    total_count: int | None = None
    completed_count: int | None = None
    sender_id: str
    receiver_id: str | None = None
    is_msg_encrypted: bool = False
    meta: dict[str, JsonValue] | None = None
