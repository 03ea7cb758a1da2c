"""What was set aside is counted: for Prometheus on every worker, and without reading tables."""

from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import prometheus_client
import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from cli.postgres import EmbeddedPostgres
from kernel.set_aside import COUNTS, SetAside, counts, show
from kernel.settings import ServiceSettings
from kernel.subscriptions import NotYet
from kernel.testing.clock import FrozenClock
from kernel.testing.tokens import TokenMaker
from tests.kernel.messaging.desk import service_of
from tests.kernel.messaging.post import ParcelRefused, Post
from tests.waiting import until

PATIENCE = 60.0
MANY = """
INSERT INTO dead_letter (id, consumer, topic, partition, "offset", key, event_id, headers, value,
                         attempts, error_class, failed_at, redriven_at)
SELECT uuidv7(), 'post.old', 'post.parcel', 0, n, n::text, uuidv7(), '[]', repeat('x', 500)::bytea,
       1, 'ParcelRefused', now(), CASE WHEN n % 1000 = 0 THEN NULL ELSE now() END
FROM generate_series(1, 20000) AS n
"""


async def set_some_aside(post: Post) -> None:
    """Let one event die and one key wait, with two events behind its head."""
    dead, stuck = uuid4(), uuid4()
    post.trouble.errors = {(dead, 1): ParcelRefused(), (stuck, 1): NotYet()}
    await post.move(dead, 1)
    await post.move(stuck, 1, 2, 3)
    await post.pump()


async def counted(post: Post) -> SetAside:
    """Return the counts of the post's consumer."""
    async with post.database.transaction() as uow:
        return (await counts(uow)).get(post.when.consumer, SetAside())


async def test_what_waits_and_what_died_is_counted_by_consumer(
    post: Post, clock: FrozenClock
) -> None:
    await set_some_aside(post)
    clock.advance(seconds=1)

    before = await counted(post)
    post.trouble.errors.clear()
    await post.pump(early=True)
    after = await counted(post)

    assert before == SetAside(parked=3, keys=1, oldest_seconds=1.0, dead=1)
    assert after == SetAside(dead=1)


async def test_counting_reads_nothing_of_what_is_done(post: Post) -> None:
    async with post.database.engine.connect() as connection:
        await connection.execute(sa.text(MANY))
        await connection.execute(sa.text("ANALYZE dead_letter"))
        plan = "\n".join((await connection.execute(sa.text(f"EXPLAIN {COUNTS.text}"))).scalars())

    assert "inbox" not in plan
    assert "Seq Scan on dead_letter" not in plan


@pytest.fixture
async def worker_app(post: Post, postgres: EmbeddedPostgres) -> AsyncIterator[FastAPI]:
    """Give the post office's web application with its worker inside."""
    settings = ServiceSettings(
        database_url=post.database.url,
        log_database_url=postgres.create_database(f"log{uuid4().hex[:8]}"),
        internal_jwks=TokenMaker().jwks,
        signing_key="post",
        worker_in_app=True,
    )
    app = service_of(post, name="post-office").app(settings)
    async with app.router.lifespan_context(app):
        yield app


async def test_a_worker_shows_everything_that_waits(post: Post, worker_app: FastAPI) -> None:
    await set_some_aside(post)
    of_service, of_consumer = 'service="post-office"', f'consumer="{post.when.consumer}"'
    transport = httpx.ASGITransport(worker_app)
    wanted = {
        f"outbox_unpublished{{{of_service}}}",
        f"outbox_oldest_seconds{{{of_service}}}",
        f"consumer_lag{{{of_consumer}}}",
        f"parked_oldest_seconds{{{of_consumer},{of_service}}}",
        f"parked_events{{{of_consumer},{of_service}}} 3.0",
        f"parked_keys{{{of_consumer},{of_service}}} 1.0",
        f"dead_letters{{{of_consumer},{of_service}}} 1.0",
    }

    async with httpx.AsyncClient(transport=transport, base_url="http://post") as http:

        async def all_shown() -> bool:
            shown = (await http.get("/metrics")).text
            return all(f"\n{line}" in shown for line in wanted)

        await until(all_shown, seconds=PATIENCE)


async def test_a_gauge_falls_back_when_nothing_waits() -> None:
    found = {"post.live": SetAside(dead=2), "post.gone": SetAside(dead=1)}
    show(found, service="post-office", consumers=["post.live"])

    show({}, service="post-office", consumers=["post.live"])

    assert dead_letters_of("post.live") == 0
    assert dead_letters_of("post.gone") is None


def dead_letters_of(consumer: str) -> float | None:
    """Return what the gauge says of a consumer; None when it says nothing."""
    labels = {"service": "post-office", "consumer": consumer}
    return prometheus_client.REGISTRY.get_sample_value("dead_letters", labels)
