"""Everything that a platform writes down for others: events, logs, traces, metrics, errors."""

from collections.abc import AsyncIterator, Iterator

import asyncpg
import httpx

from cli.places import address
from cli.story import cast
from tests.live.doors import door
from tests.live.machine import Machine

OUTBOX = (
    "SELECT concat_ws(' ', topic, key, type, traceparent, convert_from(payload, 'UTF8'))"
    " FROM outbox"
)
LOG = "SELECT concat_ws(' ', topic, key, headers, convert_from(value, 'UTF8')) FROM log_record"
REGISTRAR = "kemensos-registrar"
LAST = "00-1a57ca11ed0000000000000000000001-1a57ca11ed000001-01"


async def events(machine: Machine) -> AsyncIterator[tuple[str, str]]:
    """Give every event twice: as it left its service, and as the log has it."""
    sources = [(url, OUTBOX) for url in machine.databases.values()]
    for url, statement in [*sources, (machine.log_database, LOG)]:
        connection = await asyncpg.connect(url)
        for row in await connection.fetch(statement):
            yield f"events of {url.rpartition('/')[2]}", row[0]
        await connection.close()


def files(machine: Machine) -> Iterator[tuple[str, str]]:
    """Give every line of every log and trace file."""
    for path in sorted(machine.places.logs.iterdir()):
        with path.open(errors="replace") as lines:
            for line in lines:
                yield path.name, line


def traced(machine: Machine) -> bool:
    """Say whether the trace of the last refusal is written; spans are written in batches."""
    return LAST[3:35] in (machine.places.logs / "traces-registry.jsonl").read_text()


def metrics(machine: Machine) -> Iterator[tuple[str, str]]:
    """Give what each process tells Prometheus."""
    for name, port in machine.ports.listed().items():
        answer = httpx.get(f"{address(port)}/metrics")
        assert answer.status_code == 200, name
        yield f"metrics of {name}", answer.text


def refusals(machine: Machine) -> Iterator[tuple[str, str]]:
    """Give the answers to requests that are full of personal data, and wrong."""
    family = cast.families()[0]
    person = {name: str(getattr(family.members[0], name)) for name in cast.COLUMNS}
    good = {
        "reference": "OOA-0001",
        "kk_number": family.kk_number,
        "desa_code": family.desa_code,
        "registered_on": "2025-03-03",
        "phone": "+6281200000001",
        "members": [person],
    }
    with door(machine.gateway, REGISTRAR, machine.credentials[REGISTRAR]) as client:
        for body in (
            good,
            good | {"reference": "OOA-9999"},
            good | {"desa_code": "99.99.99.9999", "members": [person | {"nik": person["name"]}]},
            good | {person["nik"]: person["name"]},
            good | {"members": [person, person]},
        ):
            yield "an error answer", refused(client.post("/v1/households", json=body))
        for path in ("/v1/households", "/v1/nothing"):
            yield "an error answer", refused(client.get(f"{path}/{person['nik']}"))
        query = {"region": person["nik"], "status": person["name"]}
        last = client.get("/v1/households", params=query, headers={"traceparent": LAST})
        yield "an error answer", refused(last)


def refused(answer: httpx.Response) -> str:
    """Return the whole of an answer that is a refusal."""
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return f"{answer.headers} {answer.text}"
