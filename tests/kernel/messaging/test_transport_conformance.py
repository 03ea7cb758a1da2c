"""What every transport promises: the same tests on the embedded log, in memory and on Kafka."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from uuid import uuid4

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from cli.postgres import EmbeddedPostgres
from kernel.transport.embedded import EmbeddedTransport
from kernel.transport.interface import (
    Consumer,
    Message,
    Partition,
    Record,
    Revoked,
    Transport,
    partition_of,
    positions_after,
)
from kernel.transport.kafka import KafkaTransport
from kernel.transport.memory import MemoryTransport

PATIENCE = 30.0
KEYS = [f"key-{number}" for number in range(40)]


class Log:
    """Drives one transport: makes topics, appends, reads; closes whatever a test left open."""

    def __init__(self, open_transport: Callable[[], Transport]) -> None:
        self._open_transport = open_transport
        self._opened: list[Transport] = []
        self._consumers: list[Consumer] = []
        self.transport = self.reopen()

    def reopen(self) -> Transport:
        """Open the same log once more, as another process would."""
        self.transport = self._open_transport()
        self._opened.append(self.transport)
        return self.transport

    async def topic(self, partitions: int = 4) -> str:
        """Make a topic of its own."""
        name = f"test.t{uuid4().hex[:12]}"
        await self.transport.ensure_topics([name], partitions=partitions)
        return name

    async def append(self, *messages: Message) -> None:
        """Append and insist that all arrive."""
        producer = await self.transport.producer()
        outcomes = await producer.send(messages)
        await producer.close()
        assert outcomes == [None] * len(messages)

    async def join(
        self, topic: str, group: str = "", on_revoke: Callable[[], Awaitable[None]] | None = None
    ) -> Consumer:
        """Join a group, by default one of its own."""
        group = group or f"group-{uuid4().hex[:8]}"
        consumer = await self.transport.consumer(group, [topic], on_revoke=on_revoke)
        self._consumers.append(consumer)
        return consumer

    async def leave(self, consumer: Consumer) -> None:
        """Close a consumer before the test's end."""
        self._consumers.remove(consumer)
        await consumer.close()

    async def close(self) -> None:
        """Close what is open."""
        for consumer in self._consumers:
            await consumer.close()
        for transport in self._opened:
            await transport.close()


def embedded_log(request: pytest.FixtureRequest) -> Callable[[], Transport]:
    """Give a log in a database of the test session."""
    server: EmbeddedPostgres = request.getfixturevalue("postgres")
    url = server.create_database("conformance")
    return lambda: EmbeddedTransport(url)


def kafka_log(request: pytest.FixtureRequest) -> Callable[[], Transport]:
    """Give the real Kafka of the test session."""
    bootstrap: str = request.getfixturevalue("kafka_bootstrap")
    return lambda: KafkaTransport(bootstrap)


def memory_log(_: pytest.FixtureRequest) -> Callable[[], Transport]:
    """Give a log in memory."""
    log = MemoryTransport()
    return lambda: log


@pytest.fixture(
    params=[
        pytest.param(embedded_log, id="embedded"),
        pytest.param(memory_log, id="memory"),
        pytest.param(kafka_log, id="kafka", marks=pytest.mark.kafka),
    ]
)
async def log(request: pytest.FixtureRequest) -> AsyncIterator[Log]:
    """Give the log under test."""
    driver = Log(request.param(request))
    yield driver
    await driver.close()


def messages(topic: str, count: int, *, keys: Sequence[str] = KEYS) -> list[Message]:
    """Make messages whose value is their number."""
    return [Message(topic, keys[n % len(keys)], str(n).encode()) for n in range(count)]


async def read(consumer: Consumer, count: int, *, commit: bool = True) -> list[Record]:
    """Fetch until `count` records came, and not one more."""
    records: list[Record] = []
    deadline = time.monotonic() + PATIENCE
    while len(records) < count and time.monotonic() < deadline:
        batch = await consumer.fetch(max_records=500, wait=0.5)
        records += batch
        if batch and commit:
            await consumer.commit(positions_after(batch))
    assert len(records) == count
    return records


async def until(condition: Callable[[], bool], *consumers: Consumer) -> None:
    """Let the members fetch until the group has settled as wanted."""
    deadline = time.monotonic() + PATIENCE
    while not condition() and time.monotonic() < deadline:
        await asyncio.gather(*(c.fetch(max_records=1, wait=0.05) for c in consumers))
    assert condition()


def numbers(records: Sequence[Record]) -> list[int]:
    """Return the values as numbers."""
    return [int(record.value) for record in records]


async def test_a_record_comes_back_as_it_was_sent(log: Log) -> None:
    topic = await log.topic()
    every_byte = bytes(range(256))
    sent = Message(topic, "kunci-é", every_byte, (("ce_id", b"1"), ("odd", every_byte)))

    await log.append(sent)
    (record,) = await read(await log.join(topic), 1)

    got = Message(record.topic, record.key, record.value, record.headers)
    assert got == sent
    assert record.source == Partition(topic, partition_of("kunci-é", 4))


async def test_records_survive_the_process_that_wrote_them(log: Log) -> None:
    topic = await log.topic()
    await log.append(*messages(topic, 20))

    log.reopen()

    assert sorted(numbers(await read(await log.join(topic), 20))) == list(range(20))


async def test_order_is_kept_per_key_and_every_partition_is_read(log: Log) -> None:
    topic = await log.topic(partitions=6)
    for start in range(0, 400, 50):
        await log.append(*messages(topic, 400)[start : start + 50])

    records = await read(await log.join(topic), 400)

    for key in KEYS:
        of_key = [int(r.value) for r in records if r.key == key]
        assert of_key == sorted(of_key)
    assert {r.partition for r in records} == set(range(6))
    for number in range(6):
        offsets = [r.offset for r in records if r.partition == number]
        assert offsets == list(range(len(offsets)))


async def test_a_group_goes_on_where_it_committed(log: Log) -> None:
    topic = await log.topic(partitions=1)
    await log.append(*messages(topic, 10))
    first = await log.join(topic, "reader")
    seen = [(await first.fetch(max_records=1, wait=PATIENCE))[0] for _ in range(4)]
    await first.commit(positions_after(seen))
    await log.leave(first)

    second = await log.join(topic, "reader")

    assert numbers(await read(second, 6)) == [4, 5, 6, 7, 8, 9]


async def test_what_was_not_committed_comes_again(log: Log) -> None:
    topic = await log.topic()
    await log.append(*messages(topic, 10))
    first = await log.join(topic, "forgetful")
    await read(first, 10, commit=False)
    await log.leave(first)

    second = await log.join(topic, "forgetful")

    assert sorted(numbers(await read(second, 10))) == list(range(10))


async def test_two_groups_read_everything_each(log: Log) -> None:
    topic = await log.topic()
    await log.append(*messages(topic, 30))

    one, two = await log.join(topic), await log.join(topic)

    assert len(await read(one, 30)) == len(await read(two, 30)) == 30


async def test_two_members_share_fairly_and_one_inherits(log: Log) -> None:
    topic = await log.topic(partitions=4)
    everything = {Partition(topic, number) for number in range(4)}
    ani = await log.join(topic, "pair")
    await until(lambda: ani.assigned == everything, ani)

    budi = await log.join(topic, "pair")

    await until(lambda: len(ani.assigned) == len(budi.assigned) == 2, ani, budi)
    assert ani.assigned | budi.assigned == everything
    await log.append(*messages(topic, 40))
    batches = await asyncio.gather(
        read_own(ani, topic, messages(topic, 40)), read_own(budi, topic, messages(topic, 40))
    )
    assert sorted(numbers([*batches[0], *batches[1]])) == list(range(40))

    await log.leave(ani)

    await until(lambda: budi.assigned == everything, budi)


async def read_own(consumer: Consumer, topic: str, sent: Sequence[Message]) -> list[Record]:
    """Read what was sent to the partitions that the member has."""
    own = [m for m in sent if Partition(topic, partition_of(m.key, 4)) in consumer.assigned]
    return await read(consumer, len(own))


async def test_work_in_flight_is_finished_before_a_partition_changes_hands(log: Log) -> None:
    topic = await log.topic(partitions=2)
    await log.append(*messages(topic, 20))
    finished, asked = asyncio.Event(), asyncio.Event()
    told: list[str] = []

    async def finish() -> None:
        asked.set()
        await finished.wait()
        await ani.commit(positions_after(in_flight))
        told.append("ani committed")

    ani = await log.join(topic, "handover", on_revoke=finish)
    in_flight = await read(ani, 20, commit=False)
    background = asyncio.gather(keep_fetching(ani), inherit(log, topic, told))

    await asyncio.wait_for(asked.wait(), PATIENCE)
    assert told == []
    finished.set()
    await asyncio.wait_for(background, PATIENCE)

    assert told == ["ani committed", "budi read nothing twice"]


async def inherit(log: Log, topic: str, told: list[str]) -> None:
    """Join as a new member, and look at what it is given."""
    budi = await log.join(topic, "handover")
    while not budi.assigned:
        assert await budi.fetch(max_records=10, wait=0.05) == []
    assert await budi.fetch(max_records=10, wait=0.3) == []
    told.append("budi read nothing twice")


async def keep_fetching(consumer: Consumer) -> None:
    """Fetch as a living member does, until another one shares the work."""
    while len(consumer.assigned) != 1:
        await consumer.fetch(max_records=10, wait=0.05)


async def test_a_partition_of_another_member_cannot_be_committed(log: Log) -> None:
    topic = await log.topic(partitions=2)
    await log.append(*messages(topic, 20))
    ani = await log.join(topic, "fenced")
    records = await read(ani, 20, commit=False)
    budi = await log.join(topic, "fenced")
    await until(lambda: len(ani.assigned) == len(budi.assigned) == 1, ani, budi)

    with pytest.raises(Revoked):
        await ani.commit(positions_after(records))


async def test_a_waiting_reader_is_woken_at_once(log: Log) -> None:
    topic = await log.topic()
    consumer = await log.join(topic)
    await until(lambda: len(consumer.assigned) == 4, consumer)
    producer = await log.transport.producer()
    await producer.send([Message(topic, "warm", b"0")])
    await read(consumer, 1)
    delays: list[float] = []

    for number in range(20):
        waiting = asyncio.create_task(read(consumer, 1))
        begin = time.monotonic()
        await producer.send([Message(topic, f"key-{number}", b"1")])
        await waiting
        delays.append(time.monotonic() - begin)

    await producer.close()
    assert sorted(delays)[len(delays) // 2] < 0.25


async def test_lag_counts_what_the_group_has_not_committed(log: Log) -> None:
    topic = await log.topic()
    await log.append(*messages(topic, 30))
    consumer = await log.join(topic)
    await until(lambda: len(consumer.assigned) == 4, consumer)

    before = await consumer.lag()
    await log.append(*messages(topic, 10))
    between = await consumer.lag()

    assert set(before) == consumer.assigned
    assert sum(before.values()) == 30
    assert sum(between.values()) == 40


async def test_lag_ends_with_the_commit(log: Log) -> None:
    topic = await log.topic()
    await log.append(*messages(topic, 30))
    consumer = await log.join(topic)

    await read(consumer, 30)

    assert sum((await consumer.lag()).values()) == 0


async def test_a_log_that_lost_nothing_begins_at_0(log: Log) -> None:
    topic = await log.topic()
    await log.append(*messages(topic, 30))
    consumer = await log.join(topic)

    await read(consumer, 30)

    assert await consumer.oldest() == {Partition(topic, number): 0 for number in range(4)}


async def test_a_big_batch_arrives_whole(log: Log) -> None:
    topic = await log.topic(partitions=12)
    many = [Message(topic, f"key-{n % 997}", b"x" * 500 + str(n).encode()) for n in range(20_000)]
    producer = await log.transport.producer()

    for start in range(0, len(many), 5_000):
        assert not any(await producer.send(many[start : start + 5_000]))

    await producer.close()
    records = await read(await log.join(topic), len(many))
    assert Counter(r.value for r in records) == Counter(m.value for m in many)


async def test_writers_side_by_side_leave_no_gap(log: Log) -> None:
    topic = await log.topic(partitions=3)

    await asyncio.gather(*(log.append(*messages(topic, 50)) for _ in range(12)))

    records = await read(await log.join(topic), 600)
    for number in range(3):
        offsets = [r.offset for r in records if r.partition == number]
        assert offsets == list(range(len(offsets)))


async def test_topics_can_be_asked_for_twice(log: Log) -> None:
    topic = await log.topic(partitions=3)

    await log.transport.ensure_topics([topic], partitions=3)

    await log.append(*messages(topic, 9))
    assert len(await read(await log.join(topic), 9)) == 9


@pytest.mark.kafka
async def test_kafka_keeps_every_event_for_good(kafka_bootstrap: str) -> None:
    transport, admin = (
        KafkaTransport(kafka_bootstrap),
        AIOKafkaAdminClient(bootstrap_servers=kafka_bootstrap),
    )
    await admin.start()

    await transport.ensure_topics(["post.kept"])
    [answer] = await admin.describe_configs(
        [ConfigResource(ConfigResourceType.TOPIC, "post.kept", configs={"retention.ms": ""})]
    )

    await admin.close()
    await transport.close()
    assert answer.resources[0][4][0][:2] == ("retention.ms", "-1")
