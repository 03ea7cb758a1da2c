"""The published language: what may stand in it, and that readers can rely on it."""

import json
import re
from collections.abc import Iterator

import pytest

import contracts.empowerment
import contracts.export
import contracts.financing
import contracts.registry
from cli.catalogue import Document, broken_fields
from kernel.events import Event

CONTRACTS = (contracts.registry, contracts.empowerment, contracts.export, contracts.financing)
PERSONAL = re.compile(r"nik|kk_|kk$|name|phone|address|birth|email")
EVENTS = sorted(
    (e for e in Event.known.values() if e.__module__ in {module.__name__ for module in CONTRACTS}),
    key=lambda event: event.event_type,
)


def fields_of(schema: dict[str, object]) -> Iterator[str]:
    """Yield the names of a schema's fields, nested ones too."""
    for name, inner in schema.items():
        if name == "properties" and isinstance(inner, dict):
            yield from inner
        if isinstance(inner, dict):
            yield from fields_of(inner)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: str(event.event_type))
def test_no_event_has_a_place_for_personal_data(event: type[Event]) -> None:
    names = set(fields_of(event.model_json_schema()))

    assert not [name for name in names if PERSONAL.search(name)]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: str(event.event_type))
def test_an_event_is_named_service_aggregate_fact_version(event: type[Event]) -> None:
    service, aggregate, fact, version = event.event_type.split(".")

    assert event.__module__ == f"contracts.{service}"
    assert event.topic == f"{service}.{aggregate}"
    assert fact.isidentifier()
    assert re.fullmatch(r"v\d+", version)
    assert event.__doc__


def test_a_taken_field_or_a_changed_shape_is_refused() -> None:
    before: Document = {"properties": {"pieces": {"type": "integer"}, "on": {"type": "string"}}}
    after: Document = {"properties": {"pieces": {"type": "string"}, "more": {"type": "string"}}}

    broken = list(broken_fields("export.lot.accepted.v1", before, after))

    assert [line.split("; ")[0] for line in broken] == [
        "export.lot.accepted.v1: the field pieces changed its shape",
        "export.lot.accepted.v1: the field on is gone",
    ]


def test_an_added_field_breaks_nobody() -> None:
    before: Document = {"properties": {"pieces": {"type": "integer"}}}
    after = json.loads(json.dumps(before))
    after["properties"]["colour"] = {"type": "string"}

    assert list(broken_fields("export.lot.accepted.v1", before, after)) == []
