"""Scenarios about what a broker delivers: again, in another order, and nonsense."""

import asyncio
import random
from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID, uuid4

from kernel.db import Database
from kernel.dead_letters import redrive
from kernel.transport.interface import PARTITIONS, Message, Partition, Revoked
from tests.faults.evidence import rows
from tests.faults.limits import at_most
from tests.faults.play import Play, staged
from tests.faults.scenario import Trial, Verdict, scenario
from tests.faults.toy import ParcelMoved, topics_of
from tests.faults.writers import STEADY, Shape
from tests.waiting import let_run, until

PATIENCE = 60.0
LAG_SECONDS = 2.0
SLOW = 100.0
"""Events a second that a consumer can take one by one, as it does beside a refused one."""
UNREADABLE = 0.01
TAKEN_IN = (
    "SELECT (SELECT count(*) FROM effect) + (SELECT count(*) FROM parked)"
    " + (SELECT count(*) FROM dead_letter WHERE error_class = 'ParcelRefused')"
)
UNREAD = "SELECT id FROM dead_letter WHERE redriven_at IS NULL"


@scenario(
    "duplicate and reorder",
    fault="30 % of the records delivered again, keys in any order, the topic replayed from its"
    " beginning",
    invariant="the projection is what a clean run gives; effects once, in order",
    short=5_000,
    long=80_000,
)
async def duplicate_and_reorder(trial: Trial) -> Verdict:
    """Deliver badly, then rewind the group's offsets to zero, and deliver all again."""
    async with staged(trial) as play:
        await play.start("relay")
        await play.start("web")
        load = play.write(Shape(per_second=STEADY))
        for share in (1, 2):
            receiver = await play.start("receiver", repeats=True)
            await load.reach(trial.events * share // 3)
            await receiver.kill()
            play.faults += await rewound(play)
        await play.start("receiver", repeats=True)
        return await play.finished()


async def rewound(play: Play) -> int:
    """Set every offset of the receiver's group to zero; return how many records come again."""
    transport, (topic, _) = play.transport(), topics_of(play.run)
    member = await transport.consumer(f"{play.run}.tracking", [topic])
    everything = {Partition(topic, number): 0 for number in range(PARTITIONS)}

    async def done() -> bool:
        await member.fetch(max_records=1, wait=0.1)
        with suppress(Revoked):
            await member.commit(everything)
            return True
        return False

    await until(done, seconds=PATIENCE)
    again = sum((await member.lag()).values())
    await member.close()
    await transport.close()
    return again


@scenario(
    "poison",
    fault="1 % records that nobody can read, one key that is refused, one whose handler fails",
    invariant="other keys lag under 2 s; redriven twice, each event applies once, in order",
    short=800,
    long=8_000,
)
async def poison(trial: Trial) -> Verdict:
    """Poison the log and two keys, look at all the others, heal, and redrive."""
    async with staged(trial) as play:
        await play.start_all()
        await play.one_more()  # or the first events would wait for the group to form
        load = play.write(Shape(per_second=SLOW, batch=6, parcels=60))
        refused, failing = load.parcels[:2]
        await play.trouble(refused, final=True)
        await play.trouble(failing, final=False)
        while play.ledger.moves < trial.events:
            play.faults += await spoilt(play, load.parcels, play.dice)
            await let_run(LAG_SECONDS / 4)
        await load.finish()
        await taken_in(play)
        healthy = await longest_wait(play)
        await heal(play)
        verdict = await play.finished()
    verdict.figures["longest wait of other keys s"] = healthy
    at_most(verdict, "longest wait of other keys s", LAG_SECONDS)
    return verdict


async def spoilt(play: Play, parcels: Sequence[UUID], dice: random.Random) -> int:
    """Append records that nobody can read, under keys that are in use; return how many."""
    due = int(play.ledger.moves * UNREADABLE) - play.faults
    headers = (("ce_id", b""), ("ce_type", ParcelMoved.event_type.encode()))
    topic, _ = topics_of(play.run)
    messages = [
        Message(topic, str(dice.choice(parcels)), b"\x00not JSON", (*headers[1:], _id()))
        for _ in range(due)
    ]
    transport = play.transport()
    producer = await transport.producer()
    assert not any(await producer.send(messages))
    await producer.close()
    await transport.close()
    return max(0, due)


def _id() -> tuple[str, bytes]:
    return "ce_id", str(uuid4()).encode()


async def taken_in(play: Play) -> None:
    """Wait until every event has taken effect, waits, or was given up."""

    async def all_there() -> bool:
        ((there,),) = await rows(play.urls["receiver"], TAKEN_IN)
        return bool(there >= play.ledger.moves)

    await until(all_there, seconds=PATIENCE)


async def longest_wait(play: Play) -> float:
    """Return the longest wait of the events that have taken effect so far."""
    began = await rows(play.urls["sender"], "SELECT key, sequence, occurred_at FROM outbox")
    at = {(key, sequence): moment for key, sequence, moment in began}
    statement = "SELECT parcel_id, number, at FROM effect ORDER BY nth OFFSET 1"
    ends = await rows(play.urls["receiver"], statement)
    waits: list[float] = [(end - at[key, number]).total_seconds() for key, number, end in ends]
    return max(waits)


async def heal(play: Play) -> None:
    """End the trouble, and send dead letters round again, twice each, until all is well."""
    receiver = play.urls["receiver"]
    database = Database(receiver, service="operator")
    await rows(receiver, "DELETE FROM trouble")
    async with asyncio.timeout(PATIENCE):
        while await effects(play) < play.ledger.moves:
            await rows(receiver, "UPDATE parked SET next_attempt_at = now()")
            letters = [letter for (letter,) in await rows(receiver, UNREAD)]
            for _ in range(2):
                async with database.transaction() as uow:
                    await redrive(uow, *letters)
            await let_run(LAG_SECONDS / 2)
    await database.dispose()


async def effects(play: Play) -> int:
    """Return how many events have taken effect."""
    ((count,),) = await rows(play.urls["receiver"], "SELECT count(*) FROM effect")
    return int(count)
