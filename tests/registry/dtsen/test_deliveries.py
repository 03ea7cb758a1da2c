"""BPS delivers a cycle: opened, filled, closed by a second person, recorded and told once."""

from datetime import date
from uuid import uuid4

import pytest

from contracts.registry import DecileRecorded
from kernel.lifecycle import IllegalMove
from services.registry.dtsen import publishing
from services.registry.dtsen.lifecycle import DeliveryLifecycle, State
from services.registry.dtsen.models import DeliveryKind, DtsenDelivery
from tests.people import BANTUL_OFFICER, KEMENSOS, KEMENSOS_CHECKER
from tests.registry.dtsen.deliveries import announced, delivered, fill, opened, publish, send
from tests.registry.families import registered
from tests.world import World


async def test_a_closed_delivery_is_recorded_shown_and_told(world: World) -> None:
    [first, second] = await registered(world, 1, 2)

    published = await delivered(world, "2025Q1", {"OOA-0001": 2, "OOA-0002": 7, "OOA-9999": 1})

    counts = ("received", "ranked", "unknown", "recorded", "published")
    assert [published[name] for name in counts] == [3, 2, 1, 2, 2]
    shown = await world.registry.read(f"/v1/households/{second}")
    assert (shown["decile"], shown["decile_cycle"]) == (7, "2025Q1")
    told = {
        str(event.household_id): event.decile for event in await world.published(DecileRecorded)
    }
    assert told == {first: 2, second: 7}
    [line] = (await world.registry.read(f"/v1/households/{first}/deciles"))["items"]
    assert line["delivery_id"] == published["id"]


async def test_nothing_is_current_before_the_delivery_is_closed(world: World) -> None:
    [family] = await registered(world, 1)
    path = await opened(world)
    await fill(world, path, {"OOA-0001": 2})

    await publishing.TIMER.run_once(world.registry.database)

    assert (await world.registry.read(f"/v1/households/{family}"))["decile"] is None
    assert (await world.registry.read(f"/v1/households/{family}/deciles"))["items"] == []


async def test_who_opened_a_delivery_does_not_close_it(world: World) -> None:
    await registered(world, 1)
    path = await opened(world)
    await fill(world, path, {"OOA-0001": 2})

    refused = await world.registry.post(f"{path}/close", as_=KEMENSOS)

    assert (refused.status_code, refused.json()["code"]) == (403, "REG-0310")


async def test_an_empty_delivery_is_not_closed(world: World) -> None:
    path = await opened(world)

    refused = await world.registry.post(f"{path}/close", as_=KEMENSOS_CHECKER)

    assert (refused.status_code, refused.json()["code"]) == (409, "REG-0311")


async def test_a_closed_delivery_takes_no_more_lines(world: World) -> None:
    await registered(world, 1)
    await delivered(world, "2025Q1", {"OOA-0001": 2})
    [delivery] = (await world.registry.read("/v1/dtsen-deliveries?cycle=2025Q1"))["items"]

    refused = await fill(world, f"/v1/dtsen-deliveries/{delivery['id']}", {"OOA-0001": 2})

    assert (refused.status_code, refused.json()["code"]) == (409, "REG-0312")


async def test_a_batch_that_contradicts_the_delivery_is_refused_whole(world: World) -> None:
    await registered(world, 1, 2)
    path = await opened(world)
    await fill(world, path, {"OOA-0001": 2})

    refused = await fill(world, path, {"OOA-0002": 4, "OOA-0001": 3})

    assert (refused.status_code, refused.json()["code"]) == (409, "REG-0306")
    assert refused.json()["lines"] == "2"
    assert (await world.registry.read(path))["ranked"] == 1


async def test_the_same_lines_again_change_nothing(world: World) -> None:
    await registered(world, 1)
    path = await opened(world)
    await fill(world, path, {"OOA-0001": 2})

    again = await fill(world, path, {"OOA-0001": 2})

    assert (again.json()["ranked"], again.json()["unchanged"]) == (0, 1)


async def test_a_cycle_has_one_ranking_and_a_document_comes_once(world: World) -> None:
    await opened(world)

    cycle_again = await world.registry.post(
        "/v1/dtsen-deliveries", announced(document_number="BPS/other")
    )
    document_again = await world.registry.post(
        "/v1/dtsen-deliveries", announced("2025Q2", document_number="BPS/2025Q1/ranking")
    )

    assert [each.json()["code"] for each in (cycle_again, document_again)] == ["REG-0304"] * 2


async def test_a_discarded_delivery_makes_room_for_another(world: World) -> None:
    await registered(world, 1)
    path = await opened(world)
    await fill(world, path, {"OOA-0001": 9})

    await world.registry.do(f"{path}/discard")

    again = await delivered(world, "2025Q1", {"OOA-0001": 2})
    assert (again["state"], again["recorded"]) == ("published", 1)


async def test_a_ranking_does_not_overwrite_the_ledger(world: World) -> None:
    [family] = await registered(world, 1)
    item = {"household_id": family, "decile": 5}
    body = {"reference_date": "2025-03-31", "source": "BPS", "items": [item]}
    await world.registry.do("/v1/welfare-cycles/2025Q1/deciles", body)
    path = await opened(world)
    await fill(world, path, {"OOA-0001": 2})

    refused = await world.registry.post(f"{path}/close", as_=KEMENSOS_CHECKER)

    assert (refused.status_code, refused.json()["code"]) == (409, "REG-0301")


async def test_an_officer_ranks_only_families_of_the_area(world: World) -> None:
    await registered(world, 1)
    path = await opened(world)

    answer = await world.registry.do(
        f"{path}/lines", {"items": [{"reference": "OOA-0001", "decile": 1}]}, as_=BANTUL_OFFICER
    )

    assert (answer["ranked"], answer["unknown_lines"]) == (0, [1])


@pytest.mark.parametrize("by", ["reference", "household_id"])
async def test_a_file_fills_a_delivery(world: World, by: str) -> None:
    [first, second] = await registered(world, 1, 2)
    named = {"reference": ("OOA-0001", "OOA-0002"), "household_id": (first, second)}[by]
    nobody = str(uuid4())
    path = await opened(world)

    answer = await send(
        world, path, f'\ufeff"{by}","decile"\r\n{named[0]},2\r\n{nobody},1\r\n\r\n"{named[1]}",10'
    )

    filled = answer.json()
    assert (filled["received"], filled["ranked"], filled["unknown_lines"]) == (3, 2, [3])
    assert (await publish(world, path))["recorded"] == 2


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("family;decile\n", "REG-0308"),
        ("", "REG-0308"),
        ("reference,decile\nOOA-0001,11\n", "REG-0307"),
        ("reference,decile\nOOA-0001,2.0\n", "REG-0307"),
        ("reference,decile\n,2\n", "REG-0307"),
        ("household_id,decile\nOOA-0001,2\n", "REG-0307"),
        (b"reference,decile\n" + b"\xff\x00" * 400_000, "REG-0307"),
        ("reference,decile\nOOA-0001,2\nOOA-0001,3\n", "REG-0306"),
        ("reference,decile\n" + "OOA-0001,2\n" * 400_001, "REG-0309"),
    ],
)
async def test_a_file_that_is_no_ranking_is_refused_whole(
    world: World, text: str | bytes, code: str
) -> None:
    await registered(world, 1)
    path = await opened(world)

    refused = await send(world, path, text)

    assert refused.json()["code"] == code
    assert (await world.registry.read(path))["received"] == 0


async def test_a_killed_worker_goes_on_where_it_was(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await registered(world, 1, 2, 3)
    monkeypatch.setattr(publishing, "FAMILIES_A_TURN", 2)
    path = await opened(world)
    await fill(world, path, {"OOA-0001": 1, "OOA-0002": 2, "OOA-0003": 3})
    await world.registry.do(f"{path}/close", as_=KEMENSOS_CHECKER)
    for _ in range(2):
        await publishing.TIMER.run_once(world.registry.database)

    with pytest.raises(ZeroDivisionError):
        await killed_at_work(world)

    assert (await world.registry.read(path))["published"] == 2
    while (await world.registry.read(path))["state"] != "published":
        await publishing.TIMER.run_once(world.registry.database)
    assert sorted(event.decile for event in await world.published(DecileRecorded)) == [1, 2, 3]


async def killed_at_work(world: World) -> None:
    """Do a turn of the worker's, and die before it is committed."""
    async with world.registry.database.transaction() as uow:
        await publishing.work(uow)
        raise ZeroDivisionError


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("verb", DeliveryLifecycle.moves(), ids=lambda move: move.name)
def test_a_delivery_moves_only_along_its_arrows(state: State, verb: object) -> None:
    move = next(each for each in DeliveryLifecycle.moves() if each is verb)
    delivery = DtsenDelivery(
        cycle="2025Q1",
        kind=DeliveryKind.RANKING,
        reference_date=date(2025, 3, 31),
        document_number="BPS/1",
        received_on=date(2025, 4, 10),
        opened_by="one",
        ranked=1,
        state=state,
    )
    verbs = {
        "close": lambda: delivery.close(by="two", differing=0),
        "discard": delivery.discard,
        "record": lambda: delivery.record(lines=1),
        "publish": delivery.publish,
    }

    if state in move.sources:
        verbs[move.name]()
        assert delivery.state is move.target
        return

    with pytest.raises(IllegalMove):
        verbs[move.name]()
