"""Apache Kafka behind the transport interface; the only module that knows its client."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import suppress

import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import (
    CommitFailedError,
    IllegalStateError,
    KafkaError,
    MessageSizeTooLargeError,
    TopicAlreadyExistsError,
    for_code,
)
from aiokafka.producer.message_accumulator import BatchBuilder
from aiokafka.structs import OffsetAndMetadata

from kernel.transport.interface import (
    PARTITIONS,
    Message,
    NotSent,
    OnRevoke,
    Partition,
    Record,
    Revoked,
    nothing_in_flight,
    partition_of,
)

log = structlog.get_logger("kafka")

SEND_SECONDS = 30.0
REQUEST_MS = 10_000
RETRY_MS = 500  # a broker that is away is asked twice a second, and logged as often
CLOSE_SECONDS = 5.0
BATCH_BYTES = 256 * 1024
# Below the broker's own limit: a record that it would refuse fails here, before it takes a
# sequence number that the idempotent producer then misses.
MESSAGE_BYTES = 1_000_000
REPLICAS = 3
KEPT_FOR_GOOD = {"retention.ms": "-1"}  # a projection is rebuilt from its first event
# A reader that was killed is missed after 6 s; a living one may finish 30 s of work when the
# group changes.
SESSION_MS, HEARTBEAT_MS, REBALANCE_MS = 6_000, 2_000, 30_000

Turn = tuple[int, Message]


class KafkaProducer:
    """Idempotent, acks=all, a batch a partition. The client never gives up, so we keep the time.

    After a failure the client is replaced: its sequence numbers no longer fit the broker's.
    """

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap = bootstrap
        self._client: AIOKafkaProducer | None = None
        self._sizes: dict[str, int] = {}
        self._endings: set[asyncio.Task[None]] = set()

    async def send(self, messages: Sequence[Message]) -> list[Exception | None]:
        """Append; see the interface."""
        outcomes: list[Exception | None] = [NotSent()] * len(messages)
        whole = False
        with suppress(TimeoutError, KafkaError):  # the latter: no broker to start with
            async with asyncio.timeout(SEND_SECONDS):
                client = self._client or await self._start()
                strands = await self._strands(client, messages, outcomes)
                appending = (_append(client, *strand, outcomes) for strand in strands.items())
                whole = all(await asyncio.gather(*appending))
        if not whole:
            self._end(_abandon)
        return outcomes

    async def close(self) -> None:
        """Close the client, whatever state the broker is in."""
        self._end(_stop)
        if self._endings:
            await asyncio.wait(self._endings)

    async def _strands(
        self,
        client: AIOKafkaProducer,
        messages: Sequence[Message],
        outcomes: list[Exception | None],
    ) -> dict[Partition, deque[Turn]]:
        """Return the messages of each partition; without what no broker takes, and its key's."""
        for topic in {message.topic for message in messages} - self._sizes.keys():
            self._sizes[topic] = len(await client.partitions_for(topic))
        strands: dict[Partition, deque[Turn]] = {}
        refused = set[tuple[str, str]]()
        for nth, message in enumerate(messages):
            topic, key, value, _ = message
            if (topic, key) in refused:
                continue
            if len(value) > MESSAGE_BYTES:
                refused.add((topic, key))
                outcomes[nth] = MessageSizeTooLargeError()
                continue
            place = Partition(topic, partition_of(key, self._sizes[topic]))
            strands.setdefault(place, deque()).append((nth, message))
        return strands

    async def _start(self) -> AIOKafkaProducer:
        client = AIOKafkaProducer(
            bootstrap_servers=self._bootstrap,
            enable_idempotence=True,
            acks="all",
            max_batch_size=BATCH_BYTES,
            max_request_size=MESSAGE_BYTES,
            request_timeout_ms=REQUEST_MS,
            retry_backoff_ms=RETRY_MS,
        )
        try:
            await client.start()
        except BaseException:
            await client.stop()
            raise
        self._client = client
        return client

    def _end(self, how: Callable[[AIOKafkaProducer], Coroutine[None, None, None]]) -> None:
        client, self._client = self._client, None
        if client:
            ending = asyncio.create_task(how(client))
            self._endings.add(ending)
            ending.add_done_callback(self._endings.discard)


async def _stop(client: AIOKafkaProducer) -> None:
    with suppress(TimeoutError, KafkaError):
        async with asyncio.timeout(CLOSE_SECONDS):
            await client.stop()


async def _abandon(client: AIOKafkaProducer) -> None:
    """Drop a client that still has batches: asked to stop, it would wait for ever."""
    client._closed = True
    with suppress(TimeoutError, KafkaError):
        async with asyncio.timeout(CLOSE_SECONDS):
            await client.client.close()
            await client._sender.close()


async def _append(
    client: AIOKafkaProducer,
    place: Partition,
    waiting: deque[Turn],
    outcomes: list[Exception | None],
) -> bool:
    """Append a partition's messages, batch after batch; after one that failed none is tried."""
    while waiting:
        batch = client.create_batch()
        packed = _pack(batch, waiting)
        report = await client.send_batch(batch, place.topic, partition=place.number)
        report.add_done_callback(asyncio.Future.exception)  # after the deadline nobody asks for it
        await asyncio.wait([report])
        error = report.exception()
        for nth in packed:
            outcomes[nth] = error
        if error:
            return False
    return True


def _pack(batch: BatchBuilder, waiting: deque[Turn]) -> list[int]:
    """Move messages into the batch until it is full; return their places among all."""
    packed = []
    while waiting:
        nth, message = waiting[0]
        key, headers = message.key.encode(), list(message.headers)
        if not batch.append(timestamp=None, key=key, value=message.value, headers=headers):
            break
        waiting.popleft()
        packed.append(nth)
    batch.close()  # or the client would wait for more
    return packed


class _Handover(ConsumerRebalanceListener):  # type: ignore[misc]  # the client ships no types
    """Lets the reader finish before the group takes its partitions."""

    def __init__(self, on_revoke: OnRevoke) -> None:
        self._on_revoke = on_revoke

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        """Await what is in flight."""
        if revoked:
            await self._on_revoke()

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        """Write down what the group gave us."""
        log.info("kafka.assigned", partitions=len(assigned))


class KafkaConsumer:
    """A member of a Kafka consumer group that commits by hand."""

    def __init__(self, client: AIOKafkaConsumer, admin: AIOKafkaAdminClient, group: str) -> None:
        self._client = client
        self._admin = admin
        self._group = group

    @property
    def assigned(self) -> frozenset[Partition]:
        """The partitions that this member reads now."""
        return frozenset(Partition(p.topic, p.partition) for p in self._client.assignment())

    async def fetch(self, *, max_records: int, wait: float) -> list[Record]:
        """Return the next records; see the interface."""
        try:
            async with asyncio.timeout(wait + 1):  # during a rebalance the client's own fails
                found = await self._client.getmany(
                    timeout_ms=int(wait * 1000), max_records=max_records
                )
        except TimeoutError:
            return []
        return [
            Record(r.topic, _text(r.key), r.value or b"", tuple(r.headers), r.partition, r.offset)
            for records in found.values()
            for r in records
        ]

    async def commit(self, positions: Mapping[Partition, int]) -> None:
        """Remember what to read next; see the interface."""
        offsets = {TopicPartition(*p): OffsetAndMetadata(at, "") for p, at in positions.items()}
        try:
            await self._client.commit(offsets)
        except (CommitFailedError, IllegalStateError) as error:
            raise Revoked(self._group) from error

    async def lag(self) -> dict[Partition, int]:
        """Return the records not committed; see the interface."""
        partitions = self._partitions()
        committed = await self._admin.list_consumer_group_offsets(self._group)
        ends = await self._client.end_offsets(partitions)
        new = [p for p in partitions if p not in committed or committed[p].offset < 0]
        begins = await self._client.beginning_offsets(new) if new else {}
        done = {p: begins[p] if p in begins else committed[p].offset for p in partitions}
        return {Partition(p.topic, p.partition): max(0, ends[p] - done[p]) for p in partitions}

    async def oldest(self) -> dict[Partition, int]:
        """Return where the log begins; see the interface."""
        begins = await self._client.beginning_offsets(self._partitions())
        return {Partition(p.topic, p.partition): at for p, at in begins.items()}

    async def close(self) -> None:
        """Leave the group."""
        await self._client.stop()

    def _partitions(self) -> list[TopicPartition]:
        return [
            TopicPartition(topic, number)
            for topic in self._client.subscription()
            for number in self._client.partitions_for_topic(topic) or ()
        ]


def _text(key: bytes | None) -> str:
    return (key or b"").decode("utf-8", "replace").replace("\0", "\ufffd")


class KafkaTransport:
    """An Apache Kafka cluster."""

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap = bootstrap
        self._shared_admin: AIOKafkaAdminClient | None = None

    async def ensure_topics(self, topics: Iterable[str], *, partitions: int = PARTITIONS) -> None:
        """Make the topics that do not exist, on three brokers if there are as many."""
        admin = await self._admin()
        missing = set(topics) - set(await admin.list_topics())
        if not missing:
            return
        brokers = len((await admin.describe_cluster())["brokers"])
        wanted = [
            NewTopic(topic, partitions, min(REPLICAS, brokers), topic_configs=KEPT_FOR_GOOD)
            for topic in missing
        ]
        answer = await admin.create_topics(wanted)
        for topic, code, *_ in answer.topic_errors:
            error = for_code(code)
            if code and error is not TopicAlreadyExistsError:
                raise error(topic)

    async def producer(self) -> KafkaProducer:
        """Return a new producer; it connects when it sends."""
        return KafkaProducer(self._bootstrap)

    async def consumer(
        self, group: str, topics: Sequence[str], *, on_revoke: OnRevoke | None = None
    ) -> KafkaConsumer:
        """Join a group; see the interface."""
        client = AIOKafkaConsumer(
            bootstrap_servers=self._bootstrap,
            group_id=group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=SESSION_MS,
            heartbeat_interval_ms=HEARTBEAT_MS,
            rebalance_timeout_ms=REBALANCE_MS,
            retry_backoff_ms=RETRY_MS,
        )
        client.subscribe(list(topics), listener=_Handover(on_revoke or nothing_in_flight))
        try:
            await client.start()
        except BaseException:
            await client.stop()
            raise
        return KafkaConsumer(client, await self._admin(), group)

    async def close(self) -> None:
        """Close the connection for admin calls."""
        admin, self._shared_admin = self._shared_admin, None
        if admin:
            await admin.close()

    async def _admin(self) -> AIOKafkaAdminClient:
        if self._shared_admin is None:
            admin = AIOKafkaAdminClient(bootstrap_servers=self._bootstrap)
            await admin.start()
            self._shared_admin = admin
        return self._shared_admin
