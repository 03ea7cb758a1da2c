"""No event is lost and none overtakes another of its key, whoever writes, fails or is killed."""

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from cli.postgres import EmbeddedPostgres
from kernel import outbox
from kernel.db import Database
from kernel.outbox import Relay
from kernel.testing.mischief import Crashed, Mischief
from kernel.transport.embedded import EmbeddedTransport
from kernel.transport.interface import Message, NotSent, Producer, Record, Transport
from kernel.transport.kafka import KafkaTransport
from kernel.transport.memory import MemoryTransport
from tests.kernel.messaging.post import ParcelMoved, Post
from tests.waiting import let_run, until

WRITERS = 16
ROUNDS = 30
HOLDER = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'post relay'"
)


class Storm:
    """Sixteen writers that share a few keys, dawdle, and take back one transaction in five."""

    def __init__(self, post: Post) -> None:
        self.parcels = [uuid4() for _ in range(40)]
        self.committed: dict[UUID, int] = defaultdict(int)
        self._post = post

    async def blow(self) -> None:
        """Write."""
        await asyncio.gather(*(self._write(random.Random(n)) for n in range(WRITERS)))  # noqa: S311 - dice

    async def _write(self, dice: random.Random) -> None:
        for _ in range(ROUNDS):
            parcel = dice.choice(self.parcels)
            try:
                async with self._post.database.transaction() as uow:
                    await uow.execute(sa.text("SELECT pg_current_xact_id()"))
                    await asyncio.sleep(dice.random() * 0.01)  # a slow business, not a wait
                    uow.publish(ParcelMoved(parcel_id=parcel, number=0), key=parcel)
                    await uow.write_events()
                    await asyncio.sleep(dice.random() * 0.01)
                    if dice.random() < 0.2:
                        raise ZeroDivisionError
            except ZeroDivisionError:
                continue
            self.committed[parcel] += 1


def sequences(records: Sequence[Record]) -> dict[str, list[int]]:
    """Return, per key, the sequence numbers in the order of the log, repetitions left out."""
    seen: dict[str, list[int]] = defaultdict(list)
    for record in records:
        number = int(dict(record.headers)["ce_sequence"])
        if number not in seen[record.key]:
            seen[record.key].append(number)
    return seen


def complete(storm: Storm) -> dict[str, list[int]]:
    """Return what a log without loss or inversion says."""
    return {str(key): list(range(1, count + 1)) for key, count in storm.committed.items()}


@pytest.fixture(
    params=[
        pytest.param("embedded", id="embedded"),
        pytest.param("kafka", id="kafka", marks=pytest.mark.kafka),
    ]
)
async def office(request: pytest.FixtureRequest, clean_database: Database) -> AsyncIterator[Post]:
    """Give the post office on a log that outlives processes."""
    transport: Transport
    if request.param == "kafka":
        transport = KafkaTransport(request.getfixturevalue("kafka_bootstrap"))
    else:
        server: EmbeddedPostgres = request.getfixturevalue("postgres")
        transport = EmbeddedTransport(server.create_database("postlog"))
    office = Post(clean_database, transport)
    yield office
    await office.close()
    await transport.close()


async def test_nothing_is_lost_or_overtaken_with_two_relays_and_many_writers(office: Post) -> None:
    storm, stop = Storm(office), asyncio.Event()
    second = Relay(office.database.url, service="post", transport=office.transport)
    relays = asyncio.gather(office.relay.run(stop), second.run(stop))

    await storm.blow()
    await drained(office)
    stop.set()
    await relays

    records = await office.log(keys=storm.parcels)
    assert sequences(records) == complete(storm)
    assert len(records) == sum(storm.committed.values())


async def test_another_relay_takes_over_from_a_killed_one(office: Post) -> None:
    storm, stop = Storm(office), asyncio.Event()
    second = Relay(office.database.url, service="post", transport=office.transport)
    relays = asyncio.gather(office.relay.run(stop), second.run(stop))
    blowing = asyncio.create_task(storm.blow())

    for _ in range(3):
        await let_run(0.4)
        await kill(HOLDER, office)
    await blowing
    await drained(office)
    stop.set()
    await relays

    assert sequences(await office.log(keys=storm.parcels)) == complete(storm)


async def kill(statement: str, office: Post) -> None:
    """End database sessions as an administrator would."""
    async with office.database.engine.connect() as connection:
        await connection.execute(sa.text(statement))


async def drained(office: Post) -> None:
    """Wait until the outbox is empty."""

    async def empty() -> bool:
        return not await office.count("outbox WHERE published_at IS NULL")

    await until(empty, seconds=60)


class Refusing:
    """A broker that refuses one key, as it would a record that is too large."""

    def __init__(self, inner: Transport) -> None:
        self.inner = inner
        self.refused: UUID | None = None

    async def ensure_topics(self, topics: Sequence[str]) -> None:
        """Pass on."""
        await self.inner.ensure_topics(topics)

    async def producer(self) -> "Refusing":
        """Return what sends."""
        self._producer: Producer = await self.inner.producer()
        return self

    async def send(self, messages: Sequence[Message]) -> list[Exception | None]:
        """Refuse or pass on."""
        good = [m for m in messages if m.key != str(self.refused)]
        outcomes = iter(await self._producer.send(good))
        return [NotSent() if m.key == str(self.refused) else next(outcomes) for m in messages]

    async def close(self) -> None:
        """Pass on."""
        await self._producer.close()


async def test_later_events_of_a_failing_key_wait_while_others_go(post: Post) -> None:
    broker = Refusing(post.transport)
    relay = Relay(post.database.url, service="post", transport=broker)  # type: ignore[arg-type]  # the half of it that a relay uses
    bad, good = uuid4(), uuid4()
    broker.refused = bad
    await post.move(bad, 1, 2)
    await post.move(good, 1, 2)
    assert await relay.run_once() == 2
    await post.move(bad, 3)
    await post.move(good, 3)
    assert await relay.run_once() == 1

    broker.refused = None
    relay._waiting.clear()
    await relay.run_once()

    assert sequences(await post.log()) == {str(good): [1, 2, 3], str(bad): [1, 2, 3]}
    await relay.close()


@pytest.mark.kafka
async def test_a_record_too_large_for_kafka_blocks_its_key_alone(
    clean_database: Database, kafka_bootstrap: str
) -> None:
    transport = KafkaTransport(kafka_bootstrap)
    office = Post(clean_database, transport)
    large, small = uuid4(), uuid4()
    await office.move(large, 1, 2)
    await office.move(small, 1, 2)
    enlarge = f"UPDATE outbox SET payload = repeat('x', 2000000)::bytea WHERE sequence = 1 AND key = '{large}'"  # noqa: S608, E501 - a test's own words
    async with clean_database.engine.begin() as connection:
        await connection.execute(sa.text(enlarge))

    relayed = await office.relay.run_once()

    assert relayed == 2
    assert sequences(await office.log(keys=[large, small])) == {str(small): [1, 2]}
    await office.close()
    await transport.close()


async def test_a_crash_before_the_mark_repeats_events_and_no_effect(post: Post) -> None:
    evil = Mischief(post.transport)
    office = Post(post.database, evil)
    parcel = uuid4()
    evil.crash_after = ParcelMoved.event_type
    await office.move(parcel, 1, 2)

    with pytest.raises(Crashed):
        await office.relay.run_once()
    await office.relay.close()
    await office.pump()

    assert len(await office.log()) == 4
    assert await office.tracked(parcel) == [1, 2]
    await office.close()


async def test_only_the_holder_of_the_lock_relays(post: Post) -> None:
    second = Relay(post.database.url, service="post", transport=post.transport)
    await post.relay.run_once()
    await post.move(uuid4(), 1)

    assert await second.run_once() == 0
    assert await post.relay.run_once() == 1
    await post.relay.close()
    await post.move(uuid4(), 1)
    assert await second.run_once() == 1

    await second.close()


async def test_a_committed_event_is_on_the_log_at_once(post: Post) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(post.relay.run(stop))
    await post.move(uuid4(), 1)
    await drained(post)
    loop = asyncio.get_running_loop()
    delays = []

    for _ in range(10):
        begin = loop.time()
        await post.move(uuid4(), 1)
        await drained(post)
        delays.append(loop.time() - begin)

    stop.set()
    await running
    assert sorted(delays)[5] < outbox.POLL_SECONDS


async def test_events_go_out_as_cloudevents(post: Post) -> None:
    parcel = uuid4()
    await post.move(parcel, 7)
    await post.relay.run_once()

    (record,) = await post.log()

    headers = {name: value.decode() for name, value in record.headers}
    row = await outbox_row(post)
    assert record.key == str(parcel)
    assert ParcelMoved.model_validate_json(record.value).number == 7
    assert headers.pop("ce_time") == row.occurred_at.isoformat().replace("+00:00", "Z")
    headers.pop("ce_traceparent", None)
    assert headers == {
        "content-type": "application/json",
        "ce_specversion": "1.0",
        "ce_id": str(row.id),
        "ce_source": "/post",
        "ce_type": "post.parcel.moved.v1",
        "ce_subject": str(parcel),
        "ce_dataschema": "urn:anyam:schema:post.parcel.moved.v1",
        "ce_sequence": "1",
    }


async def outbox_row(post: Post) -> "sa.Row[tuple[object, ...]]":
    """Return the only row of the outbox."""
    async with post.database.engine.connect() as connection:
        return (await connection.execute(sa.text("SELECT id, occurred_at FROM outbox"))).one()


async def test_published_events_are_kept_for_a_while(post: Post) -> None:
    await post.move(uuid4(), 1, 2)
    await post.relay.run_once()
    await post.move(uuid4(), 1)

    assert await outbox.delete_published(post.database) == 0
    assert await outbox.delete_published(post.database, older_than=timedelta(0)) == 2
    assert await post.count("outbox") == 1


async def test_the_backlog_tells_how_much_waits_and_how_long(post: Post) -> None:
    await post.move(uuid4(), 1, 2)

    async with post.database.transaction() as uow:
        waiting = await outbox.backlog(uow)

    assert waiting.events == 2
    assert 0 <= waiting.oldest_seconds < 60


async def test_a_memory_log_forgets_nothing_between_relays() -> None:
    log = MemoryTransport()
    await log.ensure_topics(["post.parcel"])
    producer = await log.producer()

    await producer.send([Message("post.parcel", "k", b"1")])
    await producer.close()

    assert sum(len(records) for records in log.records.values()) == 1
