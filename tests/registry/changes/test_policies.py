"""The rules have dates and versions, and a request is judged by those it was made under."""

from datetime import timedelta

from kernel import clock
from kernel.testing.clock import FrozenClock
from services.registry.changes.expiry import expire_overdue
from tests.people import KEMENSOS, KEMENSOS_CHECKER
from tests.registry.changes.asking import ask, decide, family, shown
from tests.registry.families import KEDUNGBANTENG, registered
from tests.world import Json, World

KK = "3302050101990000"


async def set_policy(world: World, *, in_days: int = 0, **rules: Json) -> dict[str, Json]:
    told = {
        "in_force_from": (clock.today() + timedelta(days=in_days)).isoformat(),
        "second_person_for": ["kk_number"],
        "days_to_live": 30,
        **rules,
    }
    return await world.registry.do("/v1/change-policies", told, as_=KEMENSOS_CHECKER)


async def test_what_needs_no_second_person_is_made_at_once(world: World) -> None:
    [siti] = await registered(world, 1)

    change = await ask(world, siti, phone="081277777123", address="Jalan Baru 2")

    assert change["state"] == "applied"
    assert change["decided_by"] == KEMENSOS.subject


async def test_one_sensitive_field_makes_the_whole_request_wait(world: World) -> None:
    [siti] = await registered(world, 1)

    change = await ask(world, siti, phone="081277777123", kk_number=KK)

    assert change["state"] == "proposed"


async def test_a_newer_policy_does_not_judge_older_requests(world: World) -> None:
    [siti, budi] = await registered(world, 1, 2)
    older = await ask(world, siti, desa_code=KEDUNGBANTENG)
    await set_policy(world, second_person_for=["kk_number"])
    newer = await ask(world, budi, desa_code=KEDUNGBANTENG)

    by_its_maker = await decide(world, older, as_=KEMENSOS)

    assert (older["policy_version"], newer["policy_version"]) == (1, 2)
    assert newer["state"] == "applied"
    assert by_its_maker["code"] == "REG-1002"
    assert (await decide(world, older))["state"] == "applied"


async def test_a_request_lives_as_long_as_its_own_policy_says(
    world: World, frozen: FrozenClock
) -> None:
    [siti] = await registered(world, 1)
    long_lived = await ask(world, siti, desa_code=KEDUNGBANTENG)
    await set_policy(world, second_person_for=["desa_code"], days_to_live=2)
    short_lived = await ask(world, siti, desa_code=KEDUNGBANTENG)

    frozen.advance(days=3)
    too_late = await decide(world, short_lived)
    in_time = await decide(world, long_lived)

    assert too_late["code"] == "REG-1007"
    assert in_time["state"] == "applied"


async def test_what_nobody_decides_expires(world: World, frozen: FrozenClock) -> None:
    [siti] = await registered(world, 1)
    change = await ask(world, siti, kk_number=KK)

    frozen.advance(days=29)
    await expired(world)
    before = await shown(world, change)
    frozen.advance(days=1)
    await expired(world)
    after = await shown(world, change)

    assert (before["state"], after["state"]) == ("proposed", "expired")
    assert (await decide(world, change))["code"] == "KER-0003"
    assert (await family(world, siti))["version"] == before["household_version"]


async def expired(world: World) -> None:
    async with world.registry.database.transaction() as uow:
        await expire_overdue(uow)


async def test_a_policy_begins_on_its_day(world: World, frozen: FrozenClock) -> None:
    [siti] = await registered(world, 1)
    await set_policy(world, in_days=10, second_person_for=[])

    today = await ask(world, siti, desa_code=KEDUNGBANTENG)
    frozen.advance(days=10)
    in_ten_days = await ask(world, siti, kk_number=KK)

    assert (today["state"], today["policy_version"]) == ("proposed", 1)
    assert (in_ten_days["state"], in_ten_days["policy_version"]) == ("applied", 2)


async def test_no_policy_reaches_into_the_past(world: World) -> None:
    told = {
        "in_force_from": (clock.today() - timedelta(days=1)).isoformat(),
        "second_person_for": [],
        "days_to_live": 30,
    }

    answer = await world.registry.post("/v1/change-policies", told)

    assert answer.json()["code"] == "REG-1008"


async def test_every_version_of_the_rules_stays_readable(world: World) -> None:
    await set_policy(world, days_to_live=7)

    listed = await world.registry.read("/v1/change-policies")

    assert [(each["version"], each["days_to_live"]) for each in listed["items"]] == [
        (1, 30),
        (2, 7),
    ]
    assert listed["items"][1]["made_by"] == KEMENSOS_CHECKER.subject
