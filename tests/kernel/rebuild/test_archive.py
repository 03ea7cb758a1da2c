"""What the log has lost is brought back from the outbox; what is lost for ever is noticed."""

from uuid import uuid4

import asyncpg
import pytest
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete

from kernel.archive import Archive, CannotCopy
from kernel.history import copy_of
from kernel.ledger import HistoryIncomplete
from kernel.rebuilding import CannotRebuild
from kernel.transport.embedded import EmbeddedTransport
from kernel.transport.interface import Transport
from kernel.transport.kafka import KafkaTransport
from tests.kernel.rebuild.depot import PARCELS, Depot
from tests.kernel.rebuild.traffic import traffic


async def lose(log: Transport, topic: str, *, left: int) -> None:
    """Let the log forget its oldest records, but for so many of each partition."""
    reader = await log.consumer(f"loser-{uuid4().hex[:8]}", [topic])
    lag = await reader.lag()
    await reader.close()
    ends = {place.number: max(0, end - left) for place, end in lag.items()}
    if isinstance(log, KafkaTransport):
        await _delete_from_kafka(log, topic, ends)
        return
    assert isinstance(log, EmbeddedTransport)
    connection = await asyncpg.connect(log._url)
    statement = 'DELETE FROM log_record WHERE topic = $1 AND partition = $2 AND "offset" < $3'
    await connection.executemany(statement, [(topic, *end) for end in ends.items()])
    await connection.close()


async def _delete_from_kafka(log: KafkaTransport, topic: str, ends: dict[int, int]) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=log._bootstrap)
    await admin.start()
    places = {TopicPartition(topic, n): RecordsToDelete(end) for n, end in ends.items() if end}
    await admin.delete_records(places)
    await admin.close()


def topics_of(depot: Depot) -> list[str]:
    """Return the depot's topics: parcels, and the scale."""
    return [depot.moved.topic, depot.weighed.topic]


async def archive(depot: Depot, *topics: str, replay: str, allow_gaps: bool = False) -> None:
    """Copy the depot's outbox to the log."""
    copying = Archive(depot.database.url, service=depot.name, transport=depot.transport)
    await copying.copy(topics or topics_of(depot), replay=replay, allow_gaps=allow_gaps)


@pytest.mark.parametrize("left", [0, 2])
async def test_the_archive_stands_in_for_what_the_log_has_lost(lasting: Depot, left: int) -> None:
    for topic in topics_of(lasting):
        await lose(lasting.transport, topic, left=left)
    await lasting.spoil("TRUNCATE stop, parcel, shelf")

    async with traffic(lasting):
        with pytest.raises(HistoryIncomplete, match="the log has lost"):
            await lasting.rebuild().run()
        await archive(lasting, replay="spring")
        await lasting.rebuild(replay="spring").run()

    assert await lasting.facts() == await lasting.told()


async def test_only_what_the_log_has_lost_needs_a_copy(lasting: Depot) -> None:
    _, scale = topics_of(lasting)
    await lose(lasting.transport, scale, left=0)
    await lasting.spoil("TRUNCATE stop, parcel, shelf")
    await archive(lasting, scale, replay="scale")

    await lasting.rebuild(replay="scale").run()

    assert await lasting.facts() == await lasting.told()


async def test_a_copy_that_ends_before_the_log_begins_is_refused(lasting: Depot) -> None:
    await archive(lasting, replay="early")
    await lasting.history(PARCELS, moves=range(5, 12))
    await lasting.settle()
    for topic in topics_of(lasting):
        await lose(lasting.transport, topic, left=1)

    with pytest.raises(HistoryIncomplete, match="follows on"):
        await lasting.rebuild(replay="early").run()

    assert await lasting.facts() == await lasting.told()


async def test_a_copy_that_was_never_finished_is_refused(depot: Depot) -> None:
    producer = await depot.transport.producer()
    await depot.transport.ensure_topics([copy_of(depot.moved.topic, "half")])

    with pytest.raises(CannotRebuild, match="no complete copy"):
        await depot.rebuild(replay="half").run()

    await producer.close()


async def test_an_archive_that_lost_its_oldest_events_is_refused(depot: Depot) -> None:
    await depot.spoil("DELETE FROM outbox WHERE key = :parcel", PARCELS[0])

    with pytest.raises(HistoryIncomplete, match=r"parcel \(1 keys\).*scale \(1 keys\)"):
        await archive(depot, replay="gappy")
    await archive(depot, replay="gappy", allow_gaps=True)


async def test_an_archive_has_only_its_own_topics(depot: Depot) -> None:
    with pytest.raises(CannotCopy, match="does not tell of another"):
        await archive(depot, "another.parcel", replay="spring")
    with pytest.raises(CannotCopy, match="names no copy"):
        await archive(depot, replay="Frühling")


async def test_with_leave_it_makes_do_with_what_is_left(lasting: Depot) -> None:
    for topic in topics_of(lasting):
        await lose(lasting.transport, topic, left=0)
    await lasting.tell(lasting.moved(parcel_id=PARCELS[0], number=70))
    await lasting.pump()

    await lasting.rebuild(allow_gaps=True).run()

    assert await lasting.facts() == {
        "parcel": [(PARCELS[0], 1, 70, None)],
        "stop": [(PARCELS[0], 70)],
    }
