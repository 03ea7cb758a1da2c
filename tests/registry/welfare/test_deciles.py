"""Deciles are recorded as BPS ranks them, once a cycle, and never computed."""

from uuid import uuid4

from contracts.registry import DecileRecorded
from tests.people import BANTUL_OFFICER
from tests.registry.families import registered
from tests.world import Json, World


async def rank(world: World, cycle: str, deciles: dict[str, int], **rest: Json) -> Json:
    items = [{"household_id": key, "decile": decile} for key, decile in deciles.items()]
    body = {"reference_date": "2025-01-31", "source": "BPS", "items": items}
    return await world.registry.post(f"/v1/welfare-cycles/{cycle}/deciles", body, **rest)


async def test_a_decile_is_recorded_told_and_shown(world: World) -> None:
    [family] = await registered(world, 1)

    answer = await rank(world, "2025Q1", {family: 2})

    assert answer.json() == {"cycle": "2025Q1", "recorded": 1, "unchanged": 0}
    shown = await world.registry.read(f"/v1/households/{family}")
    assert (shown["decile"], shown["decile_cycle"]) == (2, "2025Q1")
    [event] = await world.published(DecileRecorded)
    assert (event.cycle, event.decile) == ("2025Q1", 2)


async def test_the_same_again_changes_nothing(world: World) -> None:
    first, second = await registered(world, 1, 2)
    await rank(world, "2025Q1", {first: 2})

    again = await rank(world, "2025Q1", {first: 2, second: 1})

    assert again.json() == {"cycle": "2025Q1", "recorded": 1, "unchanged": 1}
    assert len(await world.published(DecileRecorded)) == 2


async def test_a_ledger_is_not_overwritten(world: World) -> None:
    first, second = await registered(world, 1, 2)
    await rank(world, "2025Q1", {first: 2})

    refused = await rank(world, "2025Q1", {second: 1, first: 3})

    assert (refused.status_code, refused.json()["code"]) == (409, "REG-0301")
    assert [each["pointer"] for each in refused.json()["errors"]] == ["/items/1/decile"]
    ledger = await world.registry.read(f"/v1/households/{second}/deciles")
    assert ledger["items"] == []


async def test_an_older_cycle_that_comes_late_is_not_shown_as_the_newest(world: World) -> None:
    [family] = await registered(world, 1)
    await rank(world, "2025Q2", {family: 4})

    await rank(world, "2025Q1", {family: 2})

    shown = await world.registry.read(f"/v1/households/{family}")
    ledger = await world.registry.read(f"/v1/households/{family}/deciles")
    assert shown["decile"] == 4
    assert [line["cycle"] for line in ledger["items"]] == ["2025Q2", "2025Q1"]


async def test_unknown_families_are_named_by_their_place(world: World) -> None:
    [family] = await registered(world, 1)

    refused = await rank(world, "2025Q1", {family: 2, str(uuid4()): 1})

    assert (refused.status_code, refused.json()["code"]) == (404, "REG-0208")
    assert [each["pointer"] for each in refused.json()["errors"]] == ["/items/1/household_id"]


async def test_one_message_gives_a_family_one_decile(world: World) -> None:
    [family] = await registered(world, 1)
    items = [{"household_id": family, "decile": decile} for decile in (1, 2)]

    refused = await world.registry.post(
        "/v1/welfare-cycles/2025Q1/deciles",
        {"reference_date": "2025-01-31", "source": "BPS", "items": items},
    )

    assert (refused.status_code, refused.json()["code"]) == (409, "REG-0302")


async def test_movements_tell_who_rose_and_fell(world: World) -> None:
    rose, fell, stayed, came = await registered(world, 1, 2, 3, 4)
    await rank(world, "2024Q4", {rose: 1, fell: 3, stayed: 2})

    await rank(world, "2025Q1", {rose: 2, fell: 1, stayed: 2, came: 4})

    path = "/v1/welfare-cycles/2025Q1/movements?since=2024Q4"
    moved = await world.registry.read(path)
    elsewhere = await world.registry.read(path, as_=BANTUL_OFFICER)
    assert [moved[name] for name in ("up", "down", "same", "new")] == [1, 1, 1, 1]
    assert [elsewhere[name] for name in ("up", "down", "same", "new")] == [0, 0, 0, 0]
