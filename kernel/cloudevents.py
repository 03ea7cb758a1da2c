"""Events on the wire: CloudEvents 1.0, Kafka's binary mode."""

from collections.abc import Container, Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from pydantic import ValidationError

from kernel.events import Event
from kernel.ids import read_id
from kernel.transport.interface import Headers, Message, Record


class Undecodable(Exception):
    """The record is no event that anybody could read, today or later."""


class Delivery(NamedTuple):
    """A record that a consumer has a reaction to, read as far as it can be."""

    record: Record
    headers: Mapping[str, bytes]
    event_id: UUID | None
    event_type: str | None
    event: Event | None

    @property
    def stream(self) -> tuple[str, str]:
        """Return what order is kept for: topic and key."""
        return (self.record.topic, self.record.key)

    @property
    def traceparent(self) -> str | None:
        """Return the W3C trace context that the event was told in."""
        return _text(self.headers.get("ce_traceparent"))

    @property
    def trace_id(self) -> str | None:
        """Return the W3C trace id, if the event has one."""
        parts = (self.traceparent or "").split("-")
        return parts[1] if len(parts) == 4 else None


@lru_cache(maxsize=1024)
def _headers_of_type(service: str, event_type: str) -> Headers:
    return (
        ("content-type", b"application/json"),
        ("ce_specversion", b"1.0"),
        ("ce_source", f"/{service}".encode()),
        ("ce_type", event_type.encode()),
        ("ce_dataschema", f"urn:anyam:schema:{event_type}".encode()),
    )


def message_of(row: Any, *, service: str) -> Message:
    """Return an outbox row as it goes on the wire; its moment is in UTC, as the driver gives it."""
    _, event_id, topic, key, event_type, sequence, occurred_at, traceparent, payload, *_ = row
    subject = str(key)
    headers: Headers = (
        *_headers_of_type(service, event_type),
        ("ce_id", str(event_id).encode()),
        ("ce_time", occurred_at.isoformat().encode().replace(b"+00:00", b"Z")),
        ("ce_subject", subject.encode()),
        ("ce_sequence", str(sequence).encode()),
    )
    if traceparent:
        headers = (*headers, ("ce_traceparent", traceparent.encode()))
    return Message(topic, subject, payload, headers)


def type_of(headers: Headers) -> str | None:
    """Return the event's type, or None when the record names none."""
    return _text(dict(headers).get("ce_type"))


def read(record: Record) -> Delivery:
    """Return the record with its event; without one where it cannot be read."""
    headers = dict(record.headers)
    return _read(record, headers, _text(headers.get("ce_type")))


def read_those(records: Iterable[Record], *, types: Container[str]) -> list[Delivery]:
    """Return, read, the records of these types, and those that do not name their type."""
    found = []
    for record in records:
        headers = dict(record.headers)
        event_type = _text(headers.get("ce_type"))
        if event_type is None or event_type in types:
            found.append(_read(record, headers, event_type))
    return found


def _read(record: Record, headers: Mapping[str, bytes], event_type: str | None) -> Delivery:
    event_id = _uuid(headers.get("ce_id"))
    known = Event.known.get(event_type or "")
    event = _event(known, record.value) if known and event_id else None
    return Delivery(record, headers, event_id, event_type, event)


@lru_cache(maxsize=1024)
def _text(given: bytes | None) -> str | None:
    return (given or b"").decode("ascii", "ignore").replace("\0", "") or None


def _uuid(given: bytes | None) -> UUID | None:
    try:
        return read_id((given or b"").decode("ascii"))
    except ValueError:
        return None


def _event(known: type[Event], value: bytes) -> Event | None:
    try:
        return known.model_validate_json(value)
    except ValidationError:
        return None
