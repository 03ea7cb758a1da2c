"""A worker as a process runs it: on real logs, with members that come and go, and told to end."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from cli.postgres import EmbeddedPostgres
from kernel import outbox
from kernel.db import Database, UnitOfWork
from kernel.inbox import Runner
from kernel.operations import messaging
from kernel.timers import Timer
from kernel.transport.embedded import EmbeddedTransport
from kernel.transport.interface import Transport
from kernel.transport.kafka import KafkaTransport
from kernel.worker import ConsumerStalled, Worker
from tests.kernel.messaging.post import EFFECT, ParcelMoved, ParcelRefused, Post
from tests.waiting import let_run, until

PATIENCE = 60.0


@pytest.fixture(
    params=[
        pytest.param("embedded", id="embedded"),
        pytest.param("kafka", id="kafka", marks=pytest.mark.kafka),
    ]
)
async def office(request: pytest.FixtureRequest, clean_database: Database) -> AsyncIterator[Post]:
    """Give the post office on a log that other processes share."""
    transport: Transport
    if request.param == "kafka":
        transport = KafkaTransport(request.getfixturevalue("kafka_bootstrap"))
    else:
        server: EmbeddedPostgres = request.getfixturevalue("postgres")
        transport = EmbeddedTransport(server.create_database(f"log{uuid4().hex[:8]}"))
    office = Post(clean_database, transport)
    yield office
    await office.close()
    await transport.close()


def worker_of(office: Post, *, stalled_seconds: float = 60.0) -> Worker:
    """Make a worker of the post office."""
    return Worker(
        office.database, "post", office.transport, [office.when], stalled_seconds=stalled_seconds
    )


async def effects(office: Post, count: int, parcels: list[UUID]) -> None:
    """Wait for so many effects."""
    query = sa.select(sa.func.count()).where(EFFECT.c.parcel_id.in_(parcels))

    async def all_there() -> bool:
        async with office.database.engine.connect() as connection:
            return bool(await connection.scalar(query) == count)

    await until(all_there, seconds=PATIENCE)


async def test_a_worker_relays_and_consumes_until_it_is_told_to_stop(office: Post) -> None:
    worker = worker_of(office)
    running = asyncio.create_task(worker.run())
    parcels = [uuid4() for _ in range(10)]
    for number in range(1, 6):
        for parcel in parcels:
            await office.move(parcel, number)
    await effects(office, 50, parcels)

    worker.stop()
    async with asyncio.timeout(10):
        await running

    for parcel in parcels:
        assert await office.tracked(parcel) == [1, 2, 3, 4, 5]


async def test_members_that_come_and_go_change_no_result(office: Post) -> None:
    parcels = [uuid4() for _ in range(20)]
    stop = asyncio.Event()
    relaying = asyncio.create_task(office.relay.run(stop))
    steady = asyncio.create_task(office.runner.run(stop))

    for number in range(1, 6):
        guest = Runner(office.database, office.when, office.transport)
        visiting = asyncio.create_task(guest.run(stop))
        for parcel in parcels:
            await office.move(parcel, number)
        await let_run(0.5)  # then the guest is killed
        visiting.cancel()
        await asyncio.gather(visiting, return_exceptions=True)
    await effects(office, 100, parcels)

    stop.set()
    await asyncio.gather(relaying, steady)
    for parcel in parcels:
        assert await office.tracked(parcel) == [1, 2, 3, 4, 5]


async def moved(office: Post, parcel: UUID, number: int) -> bool:
    """Move a parcel unless the connection breaks; over HTTP that is a 503, and tried again."""
    try:
        await office.move(parcel, number)
    except DBAPIError:
        return False
    return True


async def test_the_worker_comes_back_after_its_connections_were_cut(office: Post) -> None:
    worker, parcel = worker_of(office), uuid4()
    running = asyncio.create_task(worker.run())
    await office.move(parcel, 1)
    await effects(office, 1, [parcel])

    async with office.database.engine.connect() as connection:
        await connection.execute(
            sa.text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name IN ('post', 'post relay') AND pid <> pg_backend_pid()"
            )
        )
    await until(lambda: moved(office, parcel, 2), seconds=PATIENCE)
    await effects(office, 2, [parcel])

    worker.stop()
    await running
    assert await office.tracked(parcel) == [1, 2]


async def test_a_consumer_that_stands_still_ends_the_process(post: Post) -> None:
    post.trouble.held = asyncio.Event()
    worker = worker_of(post, stalled_seconds=0.4)
    await post.move(uuid4(), 1)

    with pytest.raises(ExceptionGroup) as ended:
        async with asyncio.timeout(PATIENCE):
            await worker.run()

    assert ended.group_contains(ConsumerStalled)


async def test_a_consumer_with_nothing_to_do_does_not_end_the_process(post: Post) -> None:
    worker = worker_of(post, stalled_seconds=1.0)
    running = asyncio.create_task(worker.run())

    done, _ = await asyncio.wait([running], timeout=2.0)

    assert not done
    worker.stop()
    await running


async def test_a_timer_runs_once_at_a_time(post: Post) -> None:
    parcel = uuid4()

    async def remind(uow: UnitOfWork) -> None:
        ran_beside = await timer.run_once(post.database) if not beside else False
        beside.append(ran_beside)
        uow.publish(ParcelMoved(parcel_id=parcel, number=1), key=parcel)

    beside: list[bool] = []
    timer = Timer("post.remind", timedelta(days=1), remind)

    assert await timer.run_once(post.database)

    assert beside == [False]
    assert await post.count("outbox") == 1


async def test_bulk_work_waits_while_the_outbox_is_long(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "LONG", 3)
    rounds: list[str] = []

    async def load_a_chunk(uow: UnitOfWork) -> None:
        rounds.append("loaded")

    bulk = Timer("post.load", timedelta(days=1), load_a_chunk, bulk=True)
    await post.move(uuid4(), 1, 2, 3)

    assert not await bulk.run_once(post.database)
    await post.relay.run_once()
    assert await bulk.run_once(post.database)

    assert rounds == ["loaded"]


async def test_the_operator_sees_what_was_told_heard_and_refused(post: Post) -> None:
    good, bad = uuid4(), uuid4()
    post.trouble.errors[bad, 1] = ParcelRefused()
    post.trouble.errors[bad, 2] = RuntimeError()
    await post.move(good, 1, 2)
    await post.move(bad, 1, 2)
    await post.pump()
    await post.move(good, 3)
    await worker_of(post).remember_lag(post.when.consumer, 5)

    async with post.database.transaction() as uow:
        state = await messaging(uow, service="post")

    (consumer,) = state.consumers
    assert state.published == {"post.parcel.moved.v1": 4, "post.sighting.seen.v1": 2}
    assert state.unpublished.events == 1
    assert consumer.delivered == {"post.parcel.moved.v1": 2}
    assert (consumer.dead, consumer.parked, consumer.lag) == (1, 1, 5)
