"""What an operator does with dead letters: they are found, understood, and sent round again."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from kernel.subscriptions import NotYet
from kernel.telemetry import tracer
from kernel.testing.clock import FrozenClock
from kernel.transport.interface import Message
from tests.kernel.messaging.desk import Desk
from tests.kernel.messaging.post import ParcelMoved, ParcelRefused, Post
from tests.world import Json

SECRET = "Siti Aminah 3302054107900001"
EVENT_ID = b"018f8d2e-0000-7000-8000-000000000000"
DEAD = "dead_letter WHERE redriven_at IS NULL"
BACKWARDS = """
INSERT INTO dead_letter (id, consumer, topic, partition, "offset", key, event_id, headers, value,
                         attempts, error_class, failed_at)
SELECT uuidv7(), :consumer, 'post.parcel', 0, n, 'one key', uuidv7(), '[]', '', 1,
       'ParcelRefused', now() FROM generate_series(1200, 1, -1) AS n
"""


def unreadable(key: str, *headers: tuple[str, bytes]) -> Message:
    """Make a record that no reader of parcels will ever understand."""
    return Message("post.parcel", key, b"\xff{" + SECRET.encode(), headers)


async def refuse(post: Post, parcel: UUID, *numbers: int) -> None:
    """Let every one of these moves end as a dead letter."""
    for number in numbers:
        post.trouble.errors[parcel, number] = ParcelRefused()
    await post.move(parcel, *numbers)
    await post.pump()


async def repeat(post: Post, parcel: UUID) -> None:
    """Let the log deliver again what it holds of a parcel."""
    on_the_log = await post.log(keys=[parcel])
    await post.append(*[Message(r.topic, r.key, r.value, r.headers) for r in on_the_log])
    await post.pump()


async def keys_of(desk: Desk, **query: Json) -> list[str]:
    """Return the keys of the dead letters that are listed."""
    return [item["key"] for item in (await desk.see("dead-letters", **query))["items"]]


async def test_the_newest_dead_letter_comes_first_and_pages_follow(post: Post, desk: Desk) -> None:
    parcels = [uuid4() for _ in range(5)]
    for parcel in parcels:
        await refuse(post, parcel, 1)

    first = await desk.see("dead-letters", limit=3)
    await refuse(post, uuid4(), 1)
    second = await desk.see("dead-letters", limit=3, cursor=first["next"])

    listed = [item["key"] for item in first["items"] + second["items"]]
    assert listed == [str(parcel) for parcel in reversed(parcels)]
    assert second["next"] is None


async def test_dead_letters_are_found_by_consumer_type_state_and_time(
    post: Post, desk: Desk, clock: FrozenClock
) -> None:
    early, late = uuid4(), uuid4()
    await refuse(post, early, 1)
    clock.advance(hours=1)
    between = clock.moment.isoformat()
    clock.advance(hours=1)
    await refuse(post, late, 1)
    [old] = [
        each for each in (await desk.see("dead-letters"))["items"] if each["key"] == str(early)
    ]
    await desk.do(f"dead-letters/{old['id']}/redrive")

    assert await keys_of(desk, consumer=post.when.consumer) == [str(late), str(early)]
    assert await keys_of(desk, event_type="post.parcel.weighed.v1") == []
    assert await keys_of(desk, event_type="post.parcel.moved.v1", state="waiting") == [str(late)]
    assert await keys_of(desk, state="redriven") == [str(early)]
    assert await keys_of(desk, failed_from=between) == [str(late)]
    assert await keys_of(desk, failed_until=between) == [str(early)]


async def test_one_dead_letter_tells_what_a_person_needs_to_decide(
    post: Post, desk: Desk, clock: FrozenClock
) -> None:
    parcel = uuid4()
    await post.move(parcel, 1)
    with tracer.start_as_current_span("a request") as span:
        await refuse(post, parcel, 2)
    [record] = [each for each in await post.log(keys=[parcel]) if b'"number":2' in each.value]
    [listed] = (await desk.see("dead-letters"))["items"]

    letter = await desk.see(f"dead-letters/{listed['id']}")

    assert letter.items() >= listed.items()
    place = (letter["topic"], letter["partition"], letter["offset"], letter["key"])
    assert place == (record.topic, record.partition, record.offset, str(parcel))
    assert letter["event_id"] == dict(record.headers)["ce_id"].decode()
    assert letter["event_type"] == ParcelMoved.event_type
    assert (letter["sequence"], letter["attempts"], letter["redriven_at"]) == (2, 1, None)
    assert letter["error_class"] == "ParcelRefused"
    assert letter["value_bytes"] == len(record.value)
    assert letter["header_names"] == [name for name, _ in record.headers]
    trace_id = f"{span.get_span_context().trace_id:032x}"
    assert letter["trace_id"] == (trace_id if trace_id.strip("0") else None)
    assert letter["failed_at"] == "2025-03-01T02:00:00Z"


async def test_no_answer_shows_what_a_record_holds(post: Post, desk: Desk) -> None:
    personal = SECRET.encode()
    headers = [("ce_traceparent", b"00-" + personal + b"-1-01"), ("ce_sequence", personal[-16:])]
    await post.append(unreadable("k", ("note", personal), ("\0odd", b"\xff"), *headers))
    await post.pump()

    listed = await desk.call("GET", "dead-letters")
    [letter] = listed.json()["items"]
    shown = await desk.call("GET", f"dead-letters/{letter['id']}")

    assert shown.json()["header_names"] == ["note", "\0odd", "ce_traceparent", "ce_sequence"]
    assert (shown.json()["sequence"], letter["trace_id"]) == (None, None)
    for answer in (listed.text, shown.text):
        assert not any(word in answer for word in SECRET.split())


async def test_a_dead_letter_is_sent_round_once(post: Post, desk: Desk) -> None:
    parcel = uuid4()
    await refuse(post, parcel, 1)
    [letter] = (await desk.see("dead-letters"))["items"]
    redrive = f"dead-letters/{letter['id']}/redrive"
    post.trouble.errors.clear()

    first, second = await desk.call("POST", redrive), await desk.call("POST", redrive)
    await post.pump()

    assert (first.status_code, second.status_code) == (204, 409)
    assert second.json()["code"] == "KER-0042"
    assert await post.tracked(parcel) == [1]


async def test_what_took_effect_by_another_way_is_not_done_again(post: Post, desk: Desk) -> None:
    parcel = uuid4()
    await refuse(post, parcel, 1)
    post.trouble.errors.clear()
    await repeat(post, parcel)

    done = await desk.do("dead-letters/redrive", consumer=post.when.consumer)
    await post.pump()

    assert done["redriven"] == 1
    assert await post.tracked(parcel) == [1]
    assert await post.count(DEAD) == await post.count("parked") == 0


@pytest.mark.parametrize("limit", [1, 2, 4, 500])
async def test_a_window_keeps_the_order_of_every_key_however_it_is_cut(
    post: Post, desk: Desk, limit: int
) -> None:
    parcels = [uuid4() for _ in range(3)]
    for number in range(1, 5):
        for parcel in parcels:
            await refuse(post, parcel, number)
    for first in (await desk.see("dead-letters"))["items"][-3:]:
        await desk.do(f"dead-letters/{first['id']}/redrive")
    await post.pump()  # they die again: the first of each key is the newest letter now
    post.trouble.errors.clear()

    sent, remaining, up_to = 0, 1, None
    while remaining:
        done = await desk.do(
            "dead-letters/redrive", consumer=post.when.consumer, limit=limit, up_to=up_to
        )
        sent, remaining, up_to = sent + done["redriven"], done["remaining"], done["up_to"]
        await post.pump()

    assert sent == 12
    assert [await post.tracked(parcel) for parcel in parcels] == [[1, 2, 3, 4]] * 3
    assert await post.count(DEAD) == 0


async def test_the_key_that_fails_longest_goes_first(
    post: Post, desk: Desk, clock: FrozenClock
) -> None:
    parcels = [uuid4() for _ in range(8)]
    for parcel in parcels:
        await refuse(post, parcel, 1)
        clock.advance(seconds=1)

    await desk.do("dead-letters/redrive", consumer=post.when.consumer, limit=3)

    waiting = await keys_of(desk, state="redriven")
    assert sorted(waiting) == sorted(str(parcel) for parcel in parcels[:3])


async def test_a_window_takes_nothing_beside_it(post: Post, desk: Desk, clock: FrozenClock) -> None:
    before, inside, after = uuid4(), uuid4(), uuid4()
    for parcel in (before, inside, after):
        await refuse(post, parcel, 1)
        clock.advance(hours=1)
    await post.append(unreadable(str(inside), ("ce_id", str(uuid4()).encode())))
    window = {
        "consumer": post.when.consumer,
        "event_type": ParcelMoved.event_type,
        "failed_from": (clock.moment - timedelta(hours=2, minutes=30)).isoformat(),
        "failed_until": (clock.moment - timedelta(hours=1)).isoformat(),
    }

    done = await desk.do("dead-letters/redrive", **window)

    assert (done["redriven"], done["remaining"]) == (1, 0)
    assert await keys_of(desk, state="redriven") == [str(inside)]


async def test_one_call_sends_the_first_five_hundred_of_the_log_unless_it_is_told_otherwise(
    post: Post, desk: Desk
) -> None:
    async with post.database.engine.begin() as connection:
        await connection.execute(sa.text(BACKWARDS), {"consumer": post.when.consumer})

    first = await desk.do("dead-letters/redrive", consumer=post.when.consumer)
    most = await desk.call(
        "POST", "dead-letters/redrive", json={"consumer": post.when.consumer, "limit": 5_001}
    )

    assert (first["redriven"], first["remaining"]) == (500, 700)
    assert most.status_code == 422
    async with post.database.engine.connect() as connection:
        waiting = await connection.scalars(sa.text('SELECT "offset" FROM parked ORDER BY position'))
        assert list(waiting) == [*range(1, 501)]


async def test_what_waits_already_is_not_queued_twice(post: Post, desk: Desk) -> None:
    parcel = uuid4()
    await refuse(post, parcel, 1)
    post.trouble.errors[parcel, 1] = NotYet()
    await repeat(post, parcel)

    done = await desk.do("dead-letters/redrive", consumer=post.when.consumer)

    assert (done["redriven"], done["remaining"]) == (1, 0)
    assert await post.count("parked") == 1


async def test_what_goes_round_has_all_its_attempts_again(post: Post, desk: Desk) -> None:
    parcel = uuid4()
    post.trouble.errors[parcel, 1] = NotYet()
    await post.move(parcel, 1)
    await post.pump()
    [key] = (await desk.see("parked"))["items"]
    await desk.do(f"parked/{key['position']}/bury")

    await desk.do("dead-letters/redrive", consumer=post.when.consumer)
    await post.pump()

    [key] = (await desk.see("parked"))["items"]
    assert (key["attempts"], key["error_class"]) == (1, "NotYet")


@pytest.mark.parametrize(
    "headers",
    [
        (),
        (("ce_id", b"no uuid"), ("ce_type", b"post.parcel.moved.v1")),
        (("ce_id", EVENT_ID),),
        (("ce_id", EVENT_ID), ("ce_type", b"post.parcel.moved.v1")),
    ],
)
async def test_what_cannot_be_read_dies_again_at_once_and_holds_up_nobody(
    post: Post, desk: Desk, headers: tuple[tuple[str, bytes], ...]
) -> None:
    parcel = uuid4()
    await post.append(unreadable(str(parcel), *headers))
    await post.pump()
    [letter] = (await desk.see("dead-letters"))["items"]

    await desk.do(f"dead-letters/{letter['id']}/redrive")
    await post.pump()
    await post.move(parcel, 1)
    await post.pump()

    [again] = (await desk.see("dead-letters", state="waiting"))["items"]
    assert again["id"] != letter["id"]
    assert (again["error_class"], again["failed_at"]) == ("Undecodable", letter["failed_at"])
    assert await post.count("parked") == 0
    assert await post.tracked(parcel) == [1]


async def test_a_caller_who_goes_on_does_not_meet_again_what_failed_once_more(
    post: Post, desk: Desk
) -> None:
    hopeless = [uuid4() for _ in range(4)]
    for parcel in hopeless:
        await refuse(post, parcel, 1)

    calls, remaining, up_to = 0, 1, None
    while remaining and calls < 10:
        done = await desk.do(
            "dead-letters/redrive", consumer=post.when.consumer, limit=2, up_to=up_to
        )
        calls, remaining, up_to = calls + 1, done["remaining"], done["up_to"]
        await post.pump()

    assert calls == 2
    assert await post.count(DEAD) == 4
    assert await post.count("dead_letter") == 8
