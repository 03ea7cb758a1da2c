"""What the harness finds when all is over: in both databases and on the log."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import uuid4

import asyncpg
import orjson

from kernel.transport.interface import PARTITIONS, Transport, partition_of
from tests.faults.ledger import Ledger, Move
from tests.world import Json

READ_SECONDS = 1.0
BATCH = 5_000
DAWN = datetime.min.replace(tzinfo=UTC)


@dataclass
class Told:
    """One topic: per key, the sequence and the number of every record, in the log's order."""

    sequences: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    moves: set[Move] = field(default_factory=set)
    strangers: int = 0
    """Records that are no event of ours: poison."""


@dataclass
class Evidence:
    """Everything there is to compare."""

    ledger: Ledger
    parcels: dict[str, int]
    """State: how often each parcel moved."""
    commands: dict[str, list[Move]]
    """State: what each command did."""
    outbox: list[Move]
    told: Told
    effects: dict[str, list[int]]
    tracking: dict[str, tuple[int, int]]
    """Projection: parcel -> last number, moves."""
    caused: list[Move]
    """The receiver's outbox."""
    seen: Told
    waits: list[float]
    """Seconds from each event's transaction to its effect, sorted."""
    idle: float = 0.0
    """The longest time that a partition stood still before an event that was due."""


async def gather(
    ledger: Ledger, sender: str, receiver: str, *, logs: tuple[Told, Told]
) -> Evidence:
    """Read both databases."""
    moves = await rows(sender, "SELECT parcel_id::text, number, command_id::text FROM move")
    commands: dict[str, list[Move]] = defaultdict(list)
    for parcel, number, command in moves:
        commands[command].append((parcel, number))
    outbox = await rows(sender, "SELECT key::text, sequence, occurred_at FROM outbox ORDER BY seq")
    effects = await rows(receiver, "SELECT parcel_id::text, number, at FROM effect ORDER BY nth")
    by_parcel: dict[str, list[int]] = defaultdict(list)
    for parcel, number, _ in effects:
        by_parcel[parcel].append(number)
    tracking = await rows(receiver, "SELECT parcel_id::text, last, moves FROM tracking")
    caused = await rows(receiver, "SELECT key::text, payload FROM outbox ORDER BY seq")
    return Evidence(
        ledger=ledger,
        parcels=dict(await rows(sender, "SELECT id::text, number FROM parcel")),
        commands=commands,
        outbox=[(key, sequence) for key, sequence, _ in outbox],
        told=logs[0],
        effects=by_parcel,
        tracking={parcel: (last, count) for parcel, last, count in tracking},
        caused=[(key, orjson.loads(payload)["number"]) for key, payload in caused],
        seen=logs[1],
        waits=waits(outbox, effects),
        idle=idle(outbox, effects),
    )


def waits(outbox: Json, effects: Json) -> list[float]:
    """Return the seconds from transaction to effect, sorted."""
    began: dict[Move, datetime] = {(key, number): at for key, number, at in outbox}
    known = [(at, began[key, number]) for key, number, at in effects if (key, number) in began]
    return sorted((end - begin).total_seconds() for end, begin in known)


def idle(outbox: Json, effects: Json) -> float:
    """Return the longest time without an effect in a partition that had something to do."""
    began: dict[Move, datetime] = {(key, number): at for key, number, at in outbox}
    last: dict[int, datetime] = {}
    longest = 0.0
    for key, number, at in effects:
        partition = partition_of(key, PARTITIONS)
        due = max(began.get((key, number), at), last.get(partition, DAWN))
        longest = max(longest, (at - due).total_seconds())
        last[partition] = at
    return longest


async def rows(url: str, statement: str, *arguments: object) -> Json:
    """Run one statement on a connection of its own."""
    connection = await asyncpg.connect(url)
    try:
        return [tuple(row) for row in await connection.fetch(statement, *arguments)]
    finally:
        await connection.close()


async def told(transport: Transport, topic: str) -> Told:
    """Read a whole topic, as a stranger would."""
    await transport.ensure_topics([topic])
    reader, found = await transport.consumer(f"stranger-{uuid4().hex}", [topic]), Told()
    left = sum((await reader.lag()).values())
    while left > 0:
        records = await reader.fetch(max_records=BATCH, wait=READ_SECONDS)
        left -= len(records)
        for record in records:
            _note(found, record.key, dict(record.headers), record.value)
    await reader.close()
    return found


def _note(found: Told, key: str, headers: dict[str, bytes], value: bytes) -> None:
    try:
        number = orjson.loads(value)["number"]
    except orjson.JSONDecodeError:
        found.strangers += 1
        return
    found.sequences[key].append(int(headers["ce_sequence"]))
    found.moves.add((key, number))
