"""Events on the wire: CloudEvents 1.0, Kafka's binary mode."""

from dataclasses import dataclass
from datetime import UTC
from functools import lru_cache
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from kernel.events import Event
from kernel.transport.interface import Headers, Message, Record


class Undecodable(Exception):
    """The record is no event that anybody could read, today or later."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A record that a consumer has a reaction to, read as far as it can be."""

    record: Record
    event_id: UUID | None
    event_type: str | None
    traceparent: str | None
    event: Event | None

    @property
    def stream(self) -> tuple[str, str]:
        """Return what order is kept for: topic and key."""
        return (self.record.topic, self.record.key)

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
    """Return an outbox row as it goes on the wire."""
    _, event_id, topic, key, event_type, sequence, occurred_at, traceparent, payload = row
    subject = str(key)
    moment = occurred_at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    headers: Headers = (
        *_headers_of_type(service, event_type),
        ("ce_id", str(event_id).encode()),
        ("ce_time", moment.encode()),
        ("ce_subject", subject.encode()),
        ("ce_sequence", str(sequence).encode()),
    )
    if traceparent:
        headers = (*headers, ("ce_traceparent", traceparent.encode()))
    return Message(topic, subject, payload, headers)


def type_of(headers: Headers) -> str | None:
    """Return the event's type, or None when the record names none."""
    given = dict(headers).get("ce_type", b"")
    return given.decode("ascii", "ignore").replace("\0", "") or None


def read(record: Record) -> Delivery:
    """Return the record with its event; without one where it cannot be read."""
    headers = dict(record.headers)
    event_id, event_type = _uuid(headers.get("ce_id")), type_of(record.headers)
    traceparent = headers.get("ce_traceparent", b"").decode("ascii", "ignore").replace("\0", "")
    known = Event.known.get(event_type or "")
    event = _event(known, record.value) if known and event_id else None
    return Delivery(record, event_id, event_type, traceparent or None, event)


def _uuid(given: bytes | None) -> UUID | None:
    try:
        return UUID((given or b"").decode("ascii"))
    except ValueError:
        return None


def _event(known: type[Event], value: bytes) -> Event | None:
    try:
        return known.model_validate_json(value)
    except ValidationError:
        return None
