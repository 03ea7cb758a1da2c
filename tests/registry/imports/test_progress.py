"""An import is followed as it moves: from where one left, without a connection held meanwhile."""

import asyncio
import json
from uuid import uuid4

import pytest
from sqlalchemy.pool import AsyncAdaptedQueuePool

from services.registry.imports import progress
from tests.people import OOA
from tests.registry.families import card
from tests.registry.imports.files import applied, families, file_of, line, upload, work
from tests.waiting import until
from tests.world import Json, World

PLACES = progress.DOORS.free


async def followed(world: World, import_id: str, **headers: str) -> list[tuple[str, str, Json]]:
    """Read the stream to its end: id, name and data of each event."""
    answer = await world.registry.get(f"/v1/household-imports/{import_id}/events", headers=headers)
    assert answer.headers["content-type"].startswith("text/event-stream")
    blocks = [block.split("\n") for block in answer.text.split("\n\n") if block.startswith("id")]
    return [(number[4:], name[7:], json.loads(data[6:])) for number, name, data in blocks]


async def somebody_follows() -> bool:
    return progress.DOORS.free < PLACES


async def nobody_is_connected(world: World) -> bool:
    pool = world.registry.database.engine.pool
    return isinstance(pool, AsyncAdaptedQueuePool) and pool.checkedout() == 0


async def test_the_stream_tells_every_step_and_ends_with_the_import(world: World) -> None:
    job = (await upload(world, file_of([line(card(1), kk_number="1")]))).json()

    following = asyncio.create_task(followed(world, job["id"]))
    await until(somebody_follows, seconds=10)
    await work(world)
    events = await following

    assert [name for _, name, _ in events][-1] == "end"
    assert events[-1][2]["state"] == "failed"
    assert len({number for number, _, _ in events}) == len(events)


async def test_who_comes_back_is_told_only_what_is_new(world: World) -> None:
    job = await applied(world, families(1))
    [(number, name, data)] = await followed(world, job["id"])

    again = await followed(world, job["id"], **{"Last-Event-ID": number})

    assert (name, data["state"], data["done"], data["total"]) == ("end", "applied", 1, 1)
    assert again == []


async def test_a_follower_holds_no_connection_while_it_waits(world: World) -> None:
    job = (await upload(world, families(1))).json()

    following = asyncio.create_task(followed(world, job["id"]))
    await until(somebody_follows, seconds=10)
    await until(lambda: nobody_is_connected(world), seconds=10)

    following.cancel()
    await asyncio.wait([following])


async def test_an_import_of_another_organisation_cannot_be_followed(world: World) -> None:
    job = (await upload(world, families(1))).json()

    hidden = await world.registry.get(f"/v1/household-imports/{job['id']}/events", as_=OOA)
    unknown = await world.registry.get(f"/v1/household-imports/{uuid4()}/events")

    assert {hidden.json()["code"], unknown.json()["code"]} == {"REG-0601"}


async def test_followers_beyond_the_bound_are_asked_to_look_instead(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = (await upload(world, families(1))).json()
    monkeypatch.setattr(progress.DOORS, "free", 0)

    refused = await world.registry.get(f"/v1/household-imports/{job['id']}/events")

    assert (refused.status_code, refused.json()["code"]) == (503, "REG-0652")


async def test_silence_is_broken_by_heartbeats(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = (await upload(world, families(1))).json()
    monkeypatch.setattr(progress, "HEARTBEAT_EVERY", progress.LOOK_EVERY * 0)
    monkeypatch.setattr(progress, "LONGEST", progress.LOOK_EVERY * 1.5)

    answer = await world.registry.get(f"/v1/household-imports/{job['id']}/events")

    assert ": still here\n\n" in answer.text


async def test_progress_says_when_it_will_have_ended(world: World) -> None:
    job = (await upload(world, families(1))).json()
    done = await applied(world, families(2))

    assert (job["eta"], job["rate"], done["eta"]) == (None, None, None)
