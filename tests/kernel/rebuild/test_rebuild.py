"""A projection can be made anew from its events, while everybody goes on working with the old."""

import asyncio
from uuid import uuid4

import asyncpg
import pytest
import sqlalchemy as sa

from kernel.db import UnitOfWork
from kernel.ledger import HistoryIncomplete
from kernel.projections import TURN, MayNotPublish, number_of
from kernel.rebuilding import CannotRebuild, Rebuild
from kernel.shadow import Difference
from kernel.subscriptions import Subscriptions
from tests.kernel.rebuild.depot import PARCELS, Delivered, Depot
from tests.kernel.rebuild.traffic import Reader, traffic
from tests.waiting import until


async def test_it_is_rebuilt_while_traffic_goes_on(lasting: Depot) -> None:
    before = await lasting.catalogue()

    async with traffic(lasting):
        reader = Reader(lasting)
        differences = await lasting.rebuild().run()
        await reader.stop()

    assert {name: each.removed for name, each in differences.items()} == {"parcel": 0, "stop": 0}
    assert await lasting.facts() == await lasting.told()
    assert reader.seen == sorted(reader.seen), "a reader saw fewer parcels than before"
    assert min(reader.seen) >= len(PARCELS)
    assert await lasting.catalogue() == before


async def test_what_was_spoilt_is_right_again_while_traffic_goes_on(lasting: Depot) -> None:
    async with traffic(lasting):
        await lasting.spoil("UPDATE parcel SET moves = moves + 7 WHERE id = :parcel", PARCELS[0])
        await lasting.spoil("DELETE FROM stop WHERE parcel_id = :parcel", PARCELS[1])
        await lasting.spoil("INSERT INTO stop VALUES (:parcel, 999)", PARCELS[2])
        await lasting.rebuild().run()

    assert await lasting.facts() == await lasting.told()


async def test_it_tells_what_was_wrong_and_leaves_alone_what_was_right(depot: Depot) -> None:
    books = "SELECT version, recorded_at, changed_at FROM parcel WHERE id = '{}'"
    right, wrong = books.format(PARCELS[3]), books.format(PARCELS[0])
    untouched, ((version, recorded_at, _),) = await depot.rows(right), await depot.rows(wrong)
    await depot.spoil("UPDATE parcel SET moves = 11 WHERE id = :parcel", PARCELS[0])
    await depot.spoil("DELETE FROM stop WHERE parcel_id = :parcel", PARCELS[1])
    await depot.spoil("DELETE FROM parcel WHERE id = :parcel", PARCELS[1])
    await depot.spoil("INSERT INTO stop VALUES (:parcel, 999)", PARCELS[2])

    differences = await depot.rebuild().run()

    assert differences == {"parcel": Difference(1, 1, 0), "stop": Difference(4, 0, 1)}
    assert await depot.facts() == await depot.told()
    assert await depot.rows(right) == untouched
    ((newer, *when),) = await depot.rows(wrong)
    assert (newer, when[0]) == (version + 1, recorded_at)


@pytest.mark.parametrize("loss", ["TRUNCATE stop, parcel CASCADE", "DROP TABLE stop, parcel"])
async def test_a_lost_projection_comes_back(depot: Depot, loss: str) -> None:
    await depot.spoil("DROP TABLE shelf")
    before = await depot.catalogue()
    await depot.spoil(loss)

    await depot.rebuild().run()

    assert await depot.facts() == await depot.told()
    assert await depot.catalogue() == before


async def test_events_that_the_live_consumer_has_yet_to_take_are_not_taken_twice(
    depot: Depot,
) -> None:
    await depot.history([PARCELS[0], uuid4()], moves=range(10, 13))
    await depot.relay.run_once()

    await depot.rebuild().run()
    rebuilt = await depot.facts()
    await depot.pump()

    assert rebuilt == await depot.told()
    assert await depot.facts() == rebuilt


async def test_nothing_is_left_behind(depot: Depot) -> None:
    known = await depot.count("inbox")

    await depot.rebuild().run()

    assert await depot.count("inbox") == known
    assert await depot.count("pg_namespace WHERE nspname LIKE 'rebuild%'") == 0


async def test_what_still_fails_waits_in_its_place(depot: Depot) -> None:
    bad, good = PARCELS[0], PARCELS[1]
    depot.trouble[70] = ConnectionError()
    for number in (70, 71):
        await depot.tell(depot.moved(parcel_id=bad, number=number))
        await depot.tell(depot.moved(parcel_id=good, number=number + 10))
    await depot.pump()

    await depot.rebuild().run()
    waiting = await depot.count(f"parked WHERE consumer = '{depot.when.consumer}'")
    depot.trouble.clear()
    await depot.pump(early=True)

    assert waiting == 2
    assert await depot.facts() == await depot.told()
    assert await depot.count("parked") == 0


async def test_what_waited_and_succeeds_now_waits_no_more(depot: Depot) -> None:
    depot.trouble[70] = ConnectionError()
    await depot.tell(depot.moved(parcel_id=PARCELS[0], number=70))
    await depot.pump()
    depot.trouble.clear()

    await depot.rebuild().run()

    assert await depot.count("parked") == 0
    assert await depot.facts() == await depot.told()


async def test_it_is_refused_where_it_would_know_less_than_the_live_one(depot: Depot) -> None:
    before = await depot.facts()
    depot.trouble[3] = ConnectionError()

    with pytest.raises(HistoryIncomplete, match="28 events"):
        await depot.rebuild().run()

    assert await depot.facts() == before
    assert await depot.count("parked") == 0


async def test_rows_that_others_need_are_not_removed(depot: Depot) -> None:
    stranger = uuid4()
    await depot.spoil(
        "INSERT INTO parcel (id, version, recorded_at, changed_at, moves)"
        " VALUES (:parcel, 1, now(), now(), 0)",
        stranger,
    )
    await depot.spoil("INSERT INTO shelf VALUES (:parcel)", stranger)

    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await depot.rebuild().run()

    assert await depot.count("shelf") == 1


async def test_a_consumer_that_is_no_projection_is_refused(depot: Depot) -> None:
    with pytest.raises(CannotRebuild, match="not declared"):
        Rebuild(depot.database, Subscriptions("depot.robots"), depot.transport)


async def test_a_projection_that_publishes_is_stopped(depot: Depot) -> None:
    async def answer(event: Delivered, uow: UnitOfWork) -> None:
        uow.publish(depot.delivered(parcel_id=event.parcel_id), key=event.parcel_id)

    depot.when(depot.delivered)(answer)
    await depot.tell(depot.delivered(parcel_id=PARCELS[1]))
    await depot.pump()

    errors = await depot.rows("SELECT error_class FROM parked")

    assert errors == [(MayNotPublish.__name__,)]
    with pytest.raises(HistoryIncomplete):
        await depot.rebuild().run()


async def test_the_live_consumer_waits_while_another_has_the_turn(depot: Depot) -> None:
    await depot.tell(depot.moved(parcel_id=PARCELS[0], number=70))
    await depot.relay.run_once()
    before = await depot.facts()
    lock = f"SELECT pg_advisory_xact_lock({TURN}, {number_of(depot.when.consumer)})"

    async def waits() -> bool:
        return await depot.count("pg_locks WHERE locktype = 'advisory' AND NOT granted") == 1

    async with depot.database.engine.begin() as connection:
        await connection.execute(sa.text(lock))
        batch = asyncio.create_task(depot.runner.run_once())
        await until(waits, seconds=30)
        meanwhile = await depot.facts()
    await batch

    assert meanwhile == before
    assert await depot.facts() == await depot.told()


async def test_two_rebuilds_of_one_projection_do_not_meet(depot: Depot) -> None:
    outcomes = await asyncio.gather(
        depot.rebuild().run(), depot.rebuild().run(), return_exceptions=True
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["CannotRebuild", "dict"]
    assert await depot.facts() == await depot.told()
