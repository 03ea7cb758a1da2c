"""Every event takes effect once, in order per key, whatever fails."""

from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from kernel import dead_letters
from kernel.db import UnitOfWork
from kernel.inbox import Runner
from kernel.subscriptions import NotYet, Subscriptions
from kernel.telemetry import tracer
from kernel.testing.clock import FrozenClock
from kernel.testing.mischief import Mischief, settle
from kernel.transport.interface import Message
from tests.kernel.messaging.post import (
    ParcelLost,
    ParcelMoved,
    ParcelRefused,
    ParcelWeighed,
    Post,
)

WAITING = "parked"
DEAD = "dead_letter WHERE redriven_at IS NULL"


def poison(key: str = "x", *, type_: bytes = b"post.parcel.moved.v1") -> Message:
    """Make a record whose value nobody can read, with headers that are no text either."""
    headers = (("ce_id", str(uuid4()).encode()), ("ce_type", type_), ("odd", b"\x00\xff"))
    return Message("post.parcel", key, b"\xff\x00{", headers)


async def test_an_event_takes_effect_once_however_often_it_comes(post: Post) -> None:
    parcel = uuid4()
    await post.move(parcel, 1, 2)
    await post.pump()
    on_the_log = [Message(r.topic, r.key, r.value, r.headers) for r in await post.log()]

    await post.append(*on_the_log, *on_the_log)
    await post.pump()

    assert await post.tracked(parcel) == [1, 2]
    assert await post.count("inbox") == 2
    assert await post.count("outbox WHERE type = 'post.sighting.seen.v1'") == 2


async def test_a_batch_not_committed_comes_again_and_changes_nothing(post: Post) -> None:
    parcel = uuid4()
    await post.move(parcel, 1, 2, 3)
    await post.pump()

    successor = Runner(post.database, post.when, post.transport)
    await post.runner.close()
    post.transport.groups[post.when.consumer].positions.clear()  # type: ignore[attr-defined]  # the log in memory
    moved = await successor.run_once()

    assert moved == 3
    assert await post.tracked(parcel) == [1, 2, 3]
    await successor.close()


async def test_what_cannot_be_read_is_given_up_at_once_and_alone(post: Post) -> None:
    parcel = uuid4()
    await post.move(parcel, 1)
    await post.append(poison(), Message("post.parcel", "y", b"not even headers"))

    await post.pump()

    assert await post.tracked(parcel) == [1]
    assert await post.count(DEAD) == 2
    assert await post.count(WAITING) == 0
    assert await post.count("dead_letter WHERE error_class = 'Undecodable' AND attempts = 1") == 2


async def test_what_the_business_refuses_is_given_up_at_once(post: Post) -> None:
    parcel = uuid4()
    post.trouble.errors[parcel, 1] = ParcelRefused()
    await post.move(parcel, 1, 2)

    await post.pump()

    assert await post.tracked(parcel) == [2]
    assert await post.count(f"{DEAD} AND error_class = 'ParcelRefused'") == 1


@pytest.mark.parametrize("error", [ParcelLost(), NotYet(), ConnectionError()])
async def test_later_events_of_a_key_wait_while_others_flow(
    post: Post, clock: FrozenClock, error: Exception
) -> None:
    stuck, free = uuid4(), uuid4()
    post.trouble.errors[stuck, 2] = error
    await post.move(stuck, 1, 2, 3)
    await post.move(free, 1, 2)
    await post.pump()
    await post.move(stuck, 4)
    await post.move(free, 3)
    await post.pump()
    assert await post.tracked(stuck) == [1]
    assert await post.tracked(free) == [1, 2, 3]
    assert await post.count(WAITING) == 3

    post.trouble.errors.clear()
    clock.advance(seconds=2)
    await post.move(stuck, 5)
    await post.pump()

    assert await post.tracked(stuck) == [1, 2, 3, 4, 5]
    assert await post.count(WAITING) == 0
    assert await post.count(DEAD) == 0


async def test_a_waiting_event_is_not_retried_before_its_time(
    post: Post, clock: FrozenClock
) -> None:
    parcel = uuid4()
    post.trouble.errors[parcel, 1] = NotYet()
    await post.move(parcel, 1)
    await post.pump()
    tries = len(post.trouble.reached)

    await post.pump()
    clock.advance(seconds=1)
    await post.pump()
    clock.advance(seconds=1)
    await post.pump()

    assert len(post.trouble.reached) == tries + 1


async def test_after_the_last_attempt_the_key_goes_on(post: Post, clock: FrozenClock) -> None:
    parcel = uuid4()
    post.trouble.errors[parcel, 1] = NotYet()
    await post.move(parcel, 1, 2)
    await post.pump()

    for _ in range(4):
        clock.advance(minutes=10)
        await post.pump()

    assert await post.tracked(parcel) == [2]
    assert await post.count(f"{DEAD} AND attempts = 4 AND error_class = 'NotYet'") == 1


async def test_redriven_events_take_effect_once_and_in_order(post: Post) -> None:
    parcel = uuid4()
    for number in (1, 2, 3):
        post.trouble.errors[parcel, number] = ParcelRefused()
    await post.move(parcel, 1, 2, 3)
    await post.pump()
    post.trouble.errors.clear()
    ids = await dead_letter_ids(post)

    for _ in range(2):
        async with post.database.transaction() as uow:
            await dead_letters.redrive(uow, *reversed(ids))
        await post.pump()

    assert await post.tracked(parcel) == [1, 2, 3]
    assert await post.count(DEAD) == 0


async def dead_letter_ids(post: Post) -> list[UUID]:
    """Return every dead letter's id."""
    async with post.database.engine.connect() as connection:
        return list((await connection.scalars(sa.text("SELECT id FROM dead_letter"))).all())


async def test_a_failing_event_leaves_nothing_behind(post: Post) -> None:
    parcel = uuid4()
    post.trouble.errors[parcel, 1] = RuntimeError()
    await post.move(parcel, 1)

    await post.pump()

    assert post.trouble.reached
    assert await post.count("effect") == 0
    assert await post.count("inbox") == 0
    assert await post.count("outbox WHERE type = 'post.sighting.seen.v1'") == 0


async def test_one_bad_event_in_a_batch_spoils_only_itself(post: Post) -> None:
    parcels = [uuid4() for _ in range(300)]
    for parcel in parcels[::100]:
        post.trouble.errors[parcel, 1] = RuntimeError()
    async with post.database.transaction() as uow:
        for parcel in parcels:
            uow.publish(ParcelMoved(parcel_id=parcel, number=1), key=parcel)

    await post.pump()

    assert await post.count("effect") == 297
    assert await post.count("outbox WHERE type = 'post.sighting.seen.v1'") == 297
    assert await post.count(WAITING) == 3


async def test_an_error_of_the_database_spoils_only_its_event(post: Post) -> None:
    good, bad = uuid4(), uuid4()
    await post.move(bad, 2**40)
    await post.move(good, 1)

    await post.pump()

    assert await post.tracked(good) == [1]
    assert await post.count(f"{WAITING} WHERE key = '{bad}'") == 1


async def test_events_nobody_reacts_to_are_passed_over(post: Post) -> None:
    parcel = uuid4()
    async with post.database.transaction() as uow:
        uow.publish(ParcelWeighed(parcel_id=parcel), key=parcel)

    await post.pump()
    await post.append(poison(type_=b"post.parcel.painted.v7"))
    await post.pump()

    assert await post.count("inbox") == await post.count(DEAD) == 0
    assert post.runner.member is not None
    assert sum((await post.runner.member.lag()).values()) == 0


async def test_what_an_event_causes_belongs_to_its_trace(post: Post) -> None:
    parcel = uuid4()
    with tracer.start_as_current_span("a request") as span:
        await post.move(parcel, 1)
    await post.pump()

    (caused,) = await post.log("post.sighting")

    trace_id = f"{span.get_span_context().trace_id:032x}"
    given = dict(caused.headers).get("ce_traceparent", b"").decode()
    assert trace_id == "0" * 32 or trace_id in given


async def test_a_projection_may_take_a_whole_run_at_once(post: Post) -> None:
    runs: list[list[int]] = []

    async def project(events: Sequence[ParcelMoved], uow: UnitOfWork) -> None:
        runs.append([event.number for event in events])
        if 3 in runs[-1] and len(runs[-1]) > 1:
            raise RuntimeError

    subscriptions = Subscriptions("post.projection")
    subscriptions.runs(ParcelMoved)(project)
    runner = Runner(post.database, subscriptions, post.transport)
    parcel = uuid4()
    await post.move(parcel, 1, 2)
    await post.relay.run_once()
    await runner.run_once()
    await post.move(parcel, 3, 4)
    await post.relay.run_once()
    await runner.run_once()

    assert runs == [[1, 2], [3, 4], [3], [4]]
    assert await post.count("inbox") == 4
    await runner.close()


async def test_evil_delivery_changes_no_result(post: Post) -> None:
    evil = Mischief(post.transport)
    evil.deliveries, evil.order, evil.crash_after = 2, "reversed", ParcelMoved.event_type
    office = Post(post.database, evil)
    parcels = [uuid4() for _ in range(5)]
    for number in range(1, 6):
        for parcel in parcels:
            await office.move(parcel, number)

    await settle([office.relay], [office.runner])

    for parcel in parcels:
        assert await office.tracked(parcel) == [1, 2, 3, 4, 5]
    assert len(await post.log()) == 50
    await office.close()
