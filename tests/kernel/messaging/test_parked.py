"""What an operator does with keys that wait: sees them, lets them be tried, gives their head up."""

import asyncio
from uuid import UUID, uuid4

from kernel.inbox import Runner
from kernel.subscriptions import NotYet, Subscriptions
from kernel.testing.clock import FrozenClock
from tests.kernel.messaging.desk import Desk
from tests.kernel.messaging.post import ParcelMoved, Post
from tests.waiting import until
from tests.world import Json

DEAD = "dead_letter WHERE redriven_at IS NULL"


async def park(post: Post, parcel: UUID, *numbers: int) -> None:
    """Let the first of these moves fail for now, so that the others wait behind it."""
    post.trouble.errors[parcel, numbers[0]] = NotYet()
    await post.move(parcel, *numbers)
    await post.pump()


async def waiting(desk: Desk, parcel: UUID) -> Json:
    """Return what is shown of a parcel's key."""
    items = (await desk.see("parked"))["items"]
    return next(item for item in items if item["key"] == str(parcel))


async def test_a_key_that_waits_is_shown_with_its_head_and_what_stands_behind(
    post: Post, desk: Desk, clock: FrozenClock
) -> None:
    parcel = uuid4()
    await post.move(parcel, 1)
    await park(post, parcel, 2, 3, 4)
    [_, head, *_] = await post.log(keys=[parcel])
    clock.advance(seconds=1)
    await post.pump()

    shown = await waiting(desk, parcel)

    assert isinstance(shown.pop("position"), int)
    assert shown == {
        "consumer": post.when.consumer,
        "topic": "post.parcel",
        "key": str(parcel),
        "behind": 2,
        "event_id": dict(head.headers)["ce_id"].decode(),
        "event_type": ParcelMoved.event_type,
        "error_class": "NotYet",
        "attempts": 2,
        "failed_at": "2025-03-01T02:00:00Z",
        "next_attempt_at": "2025-03-01T02:00:03Z",
    }


async def test_the_key_that_waits_longest_comes_first_and_pages_follow(
    post: Post, desk: Desk
) -> None:
    parcels = [uuid4() for _ in range(5)]
    for parcel in parcels:
        await park(post, parcel, 1, 2)

    first = await desk.see("parked", limit=3)
    second = await desk.see("parked", limit=3, cursor=first["next"])

    assert [item["key"] for item in first["items"] + second["items"]] == [*map(str, parcels)]
    assert second["next"] is None


async def test_keys_are_found_by_their_consumer(post: Post, desk: Desk) -> None:
    parcel, neighbour = uuid4(), Subscriptions("post.neighbour")
    neighbour(ParcelMoved)(post.track)
    runner = Runner(post.database, neighbour, post.transport)
    await park(post, parcel, 1)
    await runner.run_once()
    await runner.close()

    mine = (await desk.see("parked", consumer=post.when.consumer))["items"]
    both = (await desk.see("parked"))["items"]

    assert [item["consumer"] for item in mine] == [post.when.consumer]
    assert sorted(item["consumer"] for item in both) == ["post.neighbour", post.when.consumer]


async def test_what_is_released_is_tried_at_once_and_in_order(
    post: Post, desk: Desk, clock: FrozenClock
) -> None:
    parcels = [uuid4() for _ in range(3)]
    for parcel in parcels:
        await park(post, parcel, 1, 2, 3)
    post.trouble.errors.clear()
    await post.pump()
    assert await post.count("effect") == 0

    released = await desk.do("parked/release", consumer=post.when.consumer)
    await post.pump()

    assert released == {"keys": 3}
    assert [await post.tracked(parcel) for parcel in parcels] == [[1, 2, 3]] * 3
    assert await post.count("parked") == 0


async def test_releasing_what_still_fails_skips_nothing(
    post: Post, desk: Desk, clock: FrozenClock
) -> None:
    parcel = uuid4()
    await park(post, parcel, 1, 2, 3)

    await desk.do("parked/release", consumer=post.when.consumer)
    await post.pump()

    assert await post.tracked(parcel) == []
    assert await post.count("parked") == 3
    assert (await waiting(desk, parcel))["attempts"] == 2


async def test_one_key_is_released_alone(post: Post, desk: Desk, clock: FrozenClock) -> None:
    wanted, other = uuid4(), uuid4()
    await park(post, wanted, 1, 2)
    await park(post, other, 1, 2)
    post.trouble.errors.clear()

    stream = {"consumer": post.when.consumer, "topic": "post.parcel", "key": str(wanted)}
    released = await desk.do("parked/release", **stream)
    await post.pump()
    again = await desk.call("POST", "parked/release", json=stream)

    assert released == {"keys": 1}
    assert await post.tracked(wanted) == [1, 2]
    assert await post.tracked(other) == []
    assert (again.status_code, again.json()["code"]) == (404, "KER-0044")


async def test_a_release_is_bounded_and_takes_who_waits_longest(
    post: Post, desk: Desk, clock: FrozenClock
) -> None:
    parcels = [uuid4() for _ in range(3)]
    for parcel in parcels:
        await park(post, parcel, 1)
    post.trouble.errors.clear()

    released = await desk.do("parked/release", consumer=post.when.consumer, limit=2)
    await post.pump()

    assert released == {"keys": 2}
    assert [await post.tracked(parcel) for parcel in parcels] == [[1], [1], []]


async def test_what_is_being_tried_keeps_no_operator_waiting(
    post: Post, desk: Desk, clock: FrozenClock
) -> None:
    busy, idle = uuid4(), uuid4()
    await park(post, busy, 1)
    await park(post, idle, 1)
    position = (await waiting(desk, busy))["position"]
    tries, post.trouble.held = len(post.trouble.reached), asyncio.Event()
    trying = asyncio.create_task(post.runner.run_once(retry_early=True))

    async def reached() -> bool:
        return len(post.trouble.reached) > tries

    await until(reached, seconds=10)

    released = await desk.do("parked/release", consumer=post.when.consumer)
    buried = await desk.call("POST", f"parked/{position}/bury")

    assert released == {"keys": 1}
    assert (buried.status_code, buried.json()["code"]) == (404, "KER-0044")
    post.trouble.held.set()
    await trying


async def test_a_head_that_is_given_up_is_a_dead_letter_and_its_key_goes_on(
    post: Post, desk: Desk, clock: FrozenClock
) -> None:
    parcel = uuid4()
    await park(post, parcel, 1, 2, 3)

    await desk.do(f"parked/{(await waiting(desk, parcel))['position']}/bury")
    await post.pump()

    [letter] = (await desk.see("dead-letters"))["items"]
    assert (letter["error_class"], letter["attempts"]) == ("NotYet", 1)
    assert (letter["key"], letter["failed_at"]) == (str(parcel), "2025-03-01T02:00:00Z")
    assert await post.tracked(parcel) == [2, 3]

    post.trouble.errors.clear()
    await desk.do(f"dead-letters/{letter['id']}/redrive")
    await post.pump()

    assert await post.tracked(parcel) == [2, 3, 1]


async def test_nothing_but_the_head_can_be_given_up(post: Post, desk: Desk) -> None:
    parcel = uuid4()
    await park(post, parcel, 1, 2)
    head = (await waiting(desk, parcel))["position"]

    second = await desk.call("POST", f"parked/{head + 1}/bury")

    assert (second.status_code, second.json()["code"]) == (409, "KER-0045")
    assert second.json()["first"] == head
    assert await post.count("parked") == 2
    assert await post.count(DEAD) == 0
