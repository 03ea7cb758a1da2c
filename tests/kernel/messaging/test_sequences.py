"""A consumer notices when the log left an event out, and stays calm when one comes twice."""

from uuid import UUID, uuid4

import prometheus_client
import sqlalchemy as sa

from kernel.inbox import Runner
from kernel.testing.mischief import Mischief
from tests.kernel.messaging.post import Post


async def test_events_that_come_twice_but_in_order_leave_no_gap(post: Post) -> None:
    twice = Mischief(post.transport)
    twice.deliveries = 2
    post.runner = Runner(post.database, post.when, twice)

    await post.move(uuid4(), 1, 2, 3)
    await post.move(uuid4(), 1, 2)
    await post.pump()

    assert gaps(post) == 0


async def test_an_event_that_never_reached_the_log_is_counted(post: Post) -> None:
    siti = uuid4()
    await post.move(siti, 1)
    await post.pump()

    await post.move(siti, 2)
    await lose_what_waits(post)
    await post.move(siti, 3)
    await post.pump()

    assert await post.tracked(siti) == [1, 3]
    assert gaps(post) == 1


async def test_a_new_member_does_not_take_what_others_read_for_a_gap(post: Post) -> None:
    siti = uuid4()
    await numbers_read(post, siti, 1, 2)

    await post.runner.close()
    await numbers_read(post, siti, 3)

    assert gaps(post) == 0


async def numbers_read(post: Post, parcel: UUID, *numbers: int) -> None:
    """Let moves be told and heard."""
    await post.move(parcel, *numbers)
    await post.pump()


async def lose_what_waits(post: Post) -> None:
    """Mark what the relay has not sent, as a faulty one would."""
    async with post.database.transaction() as uow:
        await uow.execute(sa.text("UPDATE outbox SET published_at = now()"))


def gaps(post: Post) -> float:
    """Return how many gaps the consumer counted."""
    consumer = {"consumer": post.when.consumer}
    return prometheus_client.REGISTRY.get_sample_value("events_gap_total", consumer) or 0.0
