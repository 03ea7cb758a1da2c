"""PKH supports at most four persons of a family, each for a reason that fits their age."""

import asyncio
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import text as sa_text

from contracts.registry import AssistanceComponentsEnded, AssistanceEnded
from kernel.testing.clock import FrozenClock
from services.registry.assistance import exits
from services.registry.assistance.components import Span, birthday, most_persons_at_once
from tests.people import BANTUL_OFFICER
from tests.registry.families import KEBASEN, Card, Told, card, member
from tests.world import Json, World

MOTHER, BABY, PUPIL, GRANDMOTHER = (
    date(1985, 5, 1),
    date(2020, 2, 29),
    date(2010, 7, 1),
    date(1950, 1, 1),
)


def born(day: date, *, relation: str = "child", woman: bool = False) -> Told:
    return member(KEBASEN, day, relation=relation, woman=woman)


async def in_pkh(world: World, *children: Told, number: int = 1) -> tuple[str, list[str]]:
    """Register a mother and her family, start PKH; return the aid's path and the members' ids."""
    told: Card = card(number)
    told["members"] = [born(MOTHER, relation="head", woman=True), *children]
    family = await world.registry.do("/v1/households", told)
    aid = {"household_id": family["id"], "scheme": "pkh", "started_on": "2025-01-20"}
    started = await world.registry.do("/v1/assistance", aid)
    return f"/v1/assistance/{started['id']}", [each["id"] for each in family["members"]]


def supported(person: str, component: str, **rest: str) -> dict[str, str]:
    return {"member_id": person, "component": component, "starts_on": "2025-01-20", **rest}


async def exits_on(world: World, day: str, within: str = "33.02", **rest: Json) -> list[str]:
    path = f"/v1/natural-graduations?on={day}&within={within}"
    return [each["assistance_id"] for each in (await world.registry.read(path, **rest))["items"]]


async def test_a_person_is_supported_and_the_support_ends(world: World) -> None:
    aid, [_, child] = await in_pkh(world, born(PUPIL))
    made = await world.registry.do(f"{aid}/components", supported(child, "lower_secondary_school"))

    ended = await world.registry.do(
        f"{aid}/components/{made['id']}/end", {"ends_on": "2025-06-30", "reason": "left_school"}
    )

    assert (ended["ends_on"], ended["end_reason"]) == ("2025-06-30", "left_school")
    june = await world.registry.read(f"{aid}/components?on=2025-06-29")
    july = await world.registry.read(f"{aid}/components?on=2025-06-30")
    assert ([each["id"] for each in june["items"]], july["items"]) == ([made["id"]], [])


@pytest.mark.parametrize(
    ("person", "component", "rest", "code"),
    [
        (0, "elderly", {}, "REG-0409"),
        (1, "early_childhood", {}, "REG-0409"),
        (1, "pregnancy", {"ends_on": "2025-09-01"}, "REG-0409"),
        (0, "pregnancy", {}, "REG-0412"),
        (0, "pregnancy", {"ends_on": "2026-03-01"}, "REG-0412"),
        (1, "primary_school", {"ends_on": "2025-01-01"}, "REG-0404"),
    ],
)
async def test_a_component_fits_the_person(
    world: World, person: int, component: str, rest: dict[str, str], code: str
) -> None:
    aid, members = await in_pkh(world, born(PUPIL))

    refused = await world.registry.post(
        f"{aid}/components", supported(members[person], component, **rest)
    )

    assert refused.json()["code"] == code


async def test_a_component_is_of_a_member_of_the_family(world: World) -> None:
    aid, _ = await in_pkh(world)

    refused = await world.registry.post(f"{aid}/components", supported(str(uuid4()), "elderly"))

    assert (refused.status_code, refused.json()["code"]) == (409, "REG-0407")


async def test_a_person_has_a_component_once_at_a_time(world: World) -> None:
    aid, [_, child] = await in_pkh(world, born(PUPIL))
    first = supported(child, "primary_school", ends_on="2025-06-01")
    await world.registry.do(f"{aid}/components", first)

    overlapping = await world.registry.post(f"{aid}/components", first | {"ends_on": "2025-03-01"})
    later = await world.registry.post(
        f"{aid}/components", supported(child, "primary_school", starts_on="2025-06-01")
    )

    assert (overlapping.json()["code"], later.status_code) == ("REG-0410", 201)


async def test_four_persons_of_a_family_are_supported_however_many_ask_at_once(
    world: World,
) -> None:
    days = [date(2008 + number, 7, 1) for number in range(6)]
    aid, [_, *children] = await in_pkh(world, *(born(day) for day in days))

    answers = await asyncio.gather(
        *(
            world.registry.post(f"{aid}/components", supported(child, "primary_school"))
            for child in children
        )
    )

    assert sorted(answer.status_code for answer in answers) == [201] * 4 + [409] * 2
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert refused.json()["code"] == "REG-0408"


def test_persons_are_counted_on_the_fullest_day() -> None:
    first, second = uuid4(), uuid4()
    until_june = Span(first, date(2025, 1, 1), date(2025, 6, 1))
    since_june = Span(second, date(2025, 6, 1), None)

    assert most_persons_at_once([until_june, since_june]) == 1
    assert most_persons_at_once([until_june, since_june, Span(first, date(2025, 7, 1), None)]) == 2
    assert most_persons_at_once([]) == 0


async def test_a_birthday_is_the_databases_too(world: World) -> None:
    leap = date(2020, 2, 29)

    async with world.registry.database.transaction() as uow:
        text = "SELECT (date '2020-02-29' + make_interval(7))::date"
        [found] = (await uow.execute(sa_text(text))).scalars()

    assert birthday(leap, 7) == found == date(2027, 2, 28)


async def test_a_family_of_whom_no_component_is_left_may_leave_naturally(world: World) -> None:
    aid, [_, baby, child] = await in_pkh(world, born(BABY), born(PUPIL))
    await world.registry.do(f"{aid}/components", supported(baby, "early_childhood"))
    pupil = await world.registry.do(f"{aid}/components", supported(child, "lower_secondary_school"))
    end = {"ends_on": "2026-06-30", "reason": "left_school"}
    await world.registry.do(f"{aid}/components/{pupil['id']}/end", end)
    found = aid.rpartition("/")[2]

    listed = {day: await exits_on(world, day) for day in ("2026-12-31", "2027-02-27", "2027-02-28")}

    assert listed == {"2026-12-31": [], "2027-02-27": [], "2027-02-28": [found]}
    assert await exits_on(world, "2027-02-28", within="33.01") == []
    assert await exits_on(world, "2027-02-28", as_=BANTUL_OFFICER) == []


async def test_a_person_who_left_the_family_keeps_it_in_no_programme(world: World) -> None:
    told: Card = card()
    told["members"] = [
        born(MOTHER, relation="head", woman=True),
        born(GRANDMOTHER, relation="parent"),
    ]
    family = await world.registry.do("/v1/households", told)
    body = {"household_id": family["id"], "scheme": "pkh", "started_on": "2025-01-20"}
    aid = await world.registry.do("/v1/assistance", body)
    grandmother = family["members"][1]["id"]
    await world.registry.do(
        f"/v1/assistance/{aid['id']}/components", supported(grandmother, "elderly")
    )
    before = await exits_on(world, "2025-05-01")

    await lose(world, grandmother)

    assert (before, await exits_on(world, "2025-05-01")) == ([], [aid["id"]])


async def lose(world: World, person: str) -> None:
    """Take a person out of a family, as a family card that names them no more would."""
    async with world.registry.database.transaction() as uow:
        text = "UPDATE household_members SET until_version = since_version + 1 WHERE id = :person"
        await uow.execute(sa_text(text), {"person": person})


async def test_aid_whose_components_are_not_recorded_is_left_alone(world: World) -> None:
    await in_pkh(world)

    assert await exits_on(world, "2030-01-01") == []


async def test_the_world_is_told_once_and_nothing_ends_by_itself(
    world: World, frozen: FrozenClock
) -> None:
    aid, [_, child] = await in_pkh(world, born(PUPIL))
    made = await world.registry.do(f"{aid}/components", supported(child, "primary_school"))
    end = {"ends_on": "2025-02-01", "reason": "left_school"}
    await world.registry.do(f"{aid}/components/{made['id']}/end", end)

    for _ in range(3):
        await exits.TIMER.run_once(world.registry.database)

    [event] = await world.published(AssistanceComponentsEnded)
    assert (str(event.assistance_id), event.observed_on) == (
        aid.rpartition("/")[2],
        date(2025, 3, 1),
    )
    assert await world.published(AssistanceEnded) == []
    assert (await world.registry.read(aid))["state"] == "active"


async def test_a_family_with_a_new_component_is_told_of_again_when_that_ends(
    world: World, frozen: FrozenClock
) -> None:
    aid, [mother, child] = await in_pkh(world, born(PUPIL))
    ended = supported(child, "primary_school", ends_on="2025-02-01")
    await world.registry.do(f"{aid}/components", ended)
    await exits.TIMER.run_once(world.registry.database)
    pregnancy = supported(mother, "pregnancy", starts_on="2025-03-02", ends_on="2025-12-01")
    await world.registry.do(f"{aid}/components", pregnancy)

    frozen.advance(days=100)
    await exits.TIMER.run_once(world.registry.database)
    frozen.advance(days=200)
    await exits.TIMER.run_once(world.registry.database)

    told = await world.published(AssistanceComponentsEnded)
    assert [event.observed_on.year for event in told] == [2025, 2025]
    assert told[1].observed_on >= date(2025, 12, 1)
