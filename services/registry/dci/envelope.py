"""The envelope of a DCI message: reading one that came, refusing it, and making one to send."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Annotated, TypeVar

import orjson
from fastapi import Depends, Request, Response
from pydantic import JsonValue, TypeAdapter, ValidationError

from kernel.ids import new_id
from kernel.problems import NIK, Language, Text
from services.registry.dci.header import AnswerHeader, HeaderReason, MessageStatus, Part
from services.registry.dci.messages import Ack, AckAnswer, AckError, AckStatus, ErrorCode
from services.registry.dci.signature import SigningKey
from services.registry.settings import Settings

DEEPEST = 32
MEDIA_TYPE = "application/json"

HTTP_STATUS = MappingProxyType(
    {
        ErrorCode.UNAUTHORIZED: 401,
        ErrorCode.FORBIDDEN: 403,
        ErrorCode.NOT_FOUND: 404,
        ErrorCode.TIMEOUT: 408,
        ErrorCode.TOO_MANY_REQUESTS: 429,
        ErrorCode.SERVICE_UNAVAILABLE: 503,
    }
)
"""The HTTP status of an error that is named after one; of every other it is 400."""

UNREADABLE = Text(
    id="Isi harus satu objek JSON {{signature, header, message}}, paling dalam 32 tingkat.",
    en="The body must be one JSON object {{signature, header, message}}, at most 32 levels deep.",
)
MALFORMED = Text(id="Tidak sah atau tidak ada: {places}.", en="Not valid, or missing: {places}.")

Object = dict[str, JsonValue]
OBJECT = TypeAdapter(Object)
P = TypeVar("P", bound=Part)


class Refused(Exception):
    """A message that is not taken in; `reason` tells what is wrong with its header."""

    def __init__(
        self,
        code: ErrorCode,
        text: Text,
        *,
        reason: HeaderReason | None = None,
        **details: str | int,
    ) -> None:
        super().__init__(code.value)
        self.code, self.reason = code, reason
        self._text, self._details = text, details

    def told(self, language: Language) -> str:
        """Return what is wrong, in the caller's language."""
        return NIK.sub("*" * 16, self._text.to(language, self._details))


class Envelope(Part):
    """A message as it came: its header and message are JSON objects, not understood yet."""

    signature: str | None = None
    header: Object
    message: Object


class Ourselves:
    """Who we are to our partners: a sender of our own, with a key of our own."""

    def __init__(self, settings: Settings) -> None:
        self.sender_id = settings.dci_id
        self.key = SigningKey(settings.dci_signing_key)

    def sealed(self, header: AnswerHeader, message: Part, *, at: datetime) -> Object:
        """Return a signed envelope, ready to be sent."""
        head, body = wire(header), wire(message)
        signature = self.key.sign(head, body, sender_id=self.sender_id, at=at)
        return {"signature": signature, "header": head, "message": body}


def wire(part: Part) -> Object:
    """Return a part as JSON; what is absent stays absent."""
    return OBJECT.validate_python(part.model_dump(mode="json", exclude_none=True))


def read(body: bytes) -> Envelope:
    """Return the envelope.

    Raises:
        Refused: the body is none.
    """
    try:
        given = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Refused(ErrorCode.BAD, UNREADABLE) from error
    if not isinstance(given, dict) or _too_deep(given) or b"\\u0000" in body:
        raise Refused(ErrorCode.BAD, UNREADABLE)
    return parse(Envelope, OBJECT.validate_python(given), of="body")


def parse(kind: type[P], given: Object, *, of: str) -> P:
    """Return a part of a message; `of` says which, for the refusal.

    Raises:
        Refused: it is not one; the text names the places, never what stood there.
    """
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        raise Refused(ErrorCode.BAD, MALFORMED, places=places_in(error, of=of)) from error


def places_in(error: ValidationError, *, of: str) -> str:
    """Name the places of an error that the standard names, never what the caller put there."""
    found = {".".join([of, *map(str, each["loc"][:1])]) for each in error.errors()}
    return ", ".join(sorted(found))


def ack(*, at: datetime, correlation_id: str, status: AckStatus = AckStatus.ACK) -> Ack:
    """Return the receipt of a message that was taken in."""
    return Ack(ack_status=status, timestamp=at, correlation_id=correlation_id)


def refusal(
    refused: Refused, ourselves: Ourselves, *, action: str, language: Language, at: datetime
) -> Response:
    """Return the answer to a message that is not taken in: the ERR receipt.

    Where the header is at fault, the receipt comes under a header that is rejected for it.
    """
    error = AckError(code=refused.code, message=refused.told(language)[:999])
    receipt = Ack(ack_status=AckStatus.ERR, timestamp=at, correlation_id=str(new_id()), error=error)
    if refused.reason is None:
        return _err(receipt, refused.code)
    header = AnswerHeader(
        message_id=str(new_id()),
        message_ts=at,
        action=action,
        status=MessageStatus.REJECTED,
        status_reason_code=refused.reason,
        status_reason_message=error.message,
        sender_id=ourselves.sender_id,
    )
    return sent(ourselves.sealed(header, receipt, at=at), status=400)


def _err(receipt: Ack, code: ErrorCode) -> Response:
    response = sent(wire(AckAnswer(message=receipt)), status=HTTP_STATUS.get(code, 400))
    if code is ErrorCode.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = "1"
    return response


def sent(content: Mapping[str, JsonValue], *, status: int = 200) -> Response:
    """Return the HTTP answer; nobody between us and the partner may keep it."""
    return Response(orjson.dumps(content), status, {"Cache-Control": "no-store"}, MEDIA_TYPE)


def _too_deep(given: JsonValue) -> bool:
    level: list[JsonValue] = [given]
    for _ in range(DEEPEST):
        level = [inner for each in level for inner in _inside(each)]
        if not level:
            return False
    return True


def _inside(given: JsonValue) -> list[JsonValue]:
    if isinstance(given, dict):
        return list(given.values())
    return given if isinstance(given, list) else []


async def _ourselves(request: Request) -> Ourselves:
    ourselves: Ourselves = request.app.state.dci
    return ourselves


Us = Annotated[Ourselves, Depends(_ourselves)]
