"""What an operator may ask of a service's messaging, and who is no operator."""

from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from kernel import clock
from kernel.dead_letter_routes import DeadLetterNotFound, WindowReversed
from kernel.faults import BodyMalformed
from kernel.operators import ConsumerUnknown
from kernel.parked_routes import NothingParked
from kernel.problems import Problem
from tests.kernel.messaging.desk import CLERK, WATCHER, Desk
from tests.kernel.messaging.post import Post
from tests.world import Json

LETTER = f"dead-letters/{uuid4()}"
LOOKS = ["messaging", "dead-letters", LETTER, "parked"]
ACTS = ["dead-letters/redrive", f"{LETTER}/redrive", "parked/release", "parked/1/bury"]
OLD = "UPDATE {table} SET {moment} = now() - interval '25 hours'"


async def test_the_state_of_messaging_is_shown(post: Post, desk: Desk) -> None:
    await post.move(uuid4(), 1)

    state = await desk.see("messaging")

    assert state["service"] == "post"
    assert state["unpublished"]["events"] == 1
    assert state["published"] == {}
    assert [each["delivered"] for each in state["consumers"]] == [{"post.parcel.moved.v1": 0}]


async def test_what_moved_is_counted_for_a_day_unless_somebody_asks_for_more(
    post: Post, desk: Desk
) -> None:
    await post.move(uuid4(), 1)
    await post.pump()
    async with post.database.engine.begin() as connection:
        await connection.execute(sa.text(OLD.format(table="outbox", moment="published_at")))
        await connection.execute(sa.text(OLD.format(table="inbox", moment="received_at")))

    lately = await desk.see("messaging")
    longer = await desk.see("messaging", since=(clock.now() - timedelta(days=2)).isoformat())

    assert lately["published"] == {}
    assert lately["consumers"][0]["delivered"] == {"post.parcel.moved.v1": 0}
    assert longer["published"]["post.parcel.moved.v1"] == 1
    assert longer["consumers"][0]["delivered"] == {"post.parcel.moved.v1": 1}


@pytest.mark.parametrize("path", LOOKS)
async def test_only_operators_may_look(desk: Desk, path: str) -> None:
    response = await desk.call("GET", path, as_=CLERK)

    assert response.status_code == 403
    assert response.json()["scope"] == "operations:read"


@pytest.mark.parametrize("path", ACTS)
async def test_who_may_only_look_may_not_act(desk: Desk, path: str) -> None:
    response = await desk.call("POST", path, as_=WATCHER, json={"consumer": "post.tracking"})

    assert response.status_code == 403
    assert response.json()["scope"] == "operations:write"


NOBODY = {"consumer": "post.trakcing"}
TWISTED = {"failed_from": "2026-01-02T00:00:00Z", "failed_until": "2026-01-01T00:00:00Z"}
NAIVE = {"failed_from": "2026-01-02T00:00:00"}


@pytest.mark.parametrize(
    ("method", "path", "content", "problem"),
    [
        ("GET", LETTER, {}, DeadLetterNotFound),
        ("POST", f"{LETTER}/redrive", {}, DeadLetterNotFound),
        ("GET", "dead-letters", {"params": NOBODY}, ConsumerUnknown),
        ("POST", "dead-letters/redrive", {"json": NOBODY}, ConsumerUnknown),
        ("GET", "parked", {"params": NOBODY}, ConsumerUnknown),
        ("POST", "parked/release", {"json": NOBODY}, ConsumerUnknown),
        ("GET", "dead-letters", {"params": TWISTED}, WindowReversed),
        ("GET", "dead-letters", {"params": NAIVE}, BodyMalformed),
        ("POST", "dead-letters/redrive", {"json": {**NOBODY, **NAIVE}}, BodyMalformed),
        ("POST", "parked/release", {"json": {**NOBODY, "key": "k"}}, BodyMalformed),
        ("POST", "parked/1/bury", {}, NothingParked),
        ("POST", "parked/0/bury", {}, BodyMalformed),
    ],
)
async def test_a_refusal_speaks_the_language_of_the_operator(
    desk: Desk, *, method: str, path: str, content: Json, problem: type[Problem]
) -> None:
    answers = {
        language: await desk.call(method, path, headers={"Accept-Language": language}, **content)
        for language in ("id", "en")
    }

    assert {each.status_code for each in answers.values()} == {problem.status}
    assert {each.json()["code"] for each in answers.values()} == {problem.code}
    titles = {language: each.json()["title"] for language, each in answers.items()}
    assert titles == {"id": problem.title.id, "en": problem.title.en}
