"""The AsyncAPI 3 document: every topic, every event, who reacts to it."""

from kernel.events import Event

Document = dict[str, object]

HEADERS = {
    "type": "object",
    "description": "CloudEvents 1.0, Kafka binary mode.",
    "properties": {
        "content-type": {"const": "application/json"},
        "ce_id": {"type": "string", "format": "uuid"},
        "ce_source": {"type": "string", "format": "uri-reference"},
        "ce_specversion": {"const": "1.0"},
        "ce_type": {"type": "string"},
        "ce_time": {"type": "string", "format": "date-time"},
        "ce_subject": {
            "type": "string",
            "description": "The aggregate's id; also the message key.",
        },
        "ce_dataschema": {"type": "string", "format": "uri-reference"},
        "ce_sequence": {
            "type": "string",
            "description": "1, 2, 3... without gaps per topic and key.",
        },
        "ce_traceparent": {"type": "string"},
    },
}


def document(consumers: dict[str, list[str]]) -> Document:
    """Return the document; `consumers` names, per event type, who reacts."""
    topics = sorted({event.topic for event in Event.known.values()})
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Anyam",
            "version": "1",
            "description": "The events between the services.",
        },
        "defaultContentType": "application/json",
        "channels": {topic: _channel(topic) for topic in topics},
        "operations": {topic: _operation(topic) for topic in topics},
        "components": {
            "messages": {
                name: _message(event, consumers.get(name, []))
                for name, event in sorted(Event.known.items())
            },
            "messageTraits": {"cloudevent": {"headers": HEADERS}},
        },
    }


def _channel(topic: str) -> Document:
    names = sorted(name for name, event in Event.known.items() if event.topic == topic)
    return {
        "address": topic,
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
    }


def _operation(topic: str) -> Document:
    service = topic.partition(".")[0]
    return {
        "action": "send",
        "channel": {"$ref": f"#/channels/{topic}"},
        "summary": f"The {service} service tells.",
    }


def _message(event: type[Event], consumers: list[str]) -> Document:
    reacting = ", ".join(sorted(consumers)) or "nobody yet"
    return {
        "name": event.event_type,
        "summary": (event.__doc__ or "").strip(),
        "description": f"Reacting: {reacting}.",
        "traits": [{"$ref": "#/components/messageTraits/cloudevent"}],
        "payload": event.model_json_schema(),
    }
