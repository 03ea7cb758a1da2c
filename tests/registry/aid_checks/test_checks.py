"""Another agency learns whether a family receives aid: yes or no, and nothing else of it."""

import dataclasses

import pytest

from tests.people import BANTUL_OFFICER, KEMENKOPUKM, KEMENSOS
from tests.registry.families import card, registered
from tests.registry.sharing.partners import accesses, agreed, grant
from tests.world import Json, World

ASKS = dataclasses.replace(KEMENKOPUKM, scopes=frozenset({"registry.assistance:read"}))
NOTHING = {"pkh": False, "sembako": False, "pbi_jkn": False}
NOBODY = {"nik": "3302054107900000"}


async def answers(world: World, *items: dict[str, str], **asked: Json) -> list[dict[str, Json]]:
    as_ = asked.pop("as_", KEMENSOS)
    body = {"items": list(items), **asked}
    results: list[dict[str, Json]] = (await world.registry.do("/v1/aid-checks", body, as_=as_))[
        "results"
    ]
    return results


async def aided(world: World, number: int = 1, scheme: str = "pkh", **rest: Json) -> str:
    [family] = await registered(world, number)
    aid = {"household_id": family, "scheme": scheme, "started_on": "2025-01-20", **rest}
    await world.registry.do("/v1/assistance", aid)
    return family


async def may_ask(world: World, **told: Json) -> None:
    given = grant("social_assistance", fields=["programmes"], **told)
    await agreed(world, given, party="kemenkopukm")


async def test_a_family_is_found_by_any_of_its_numbers(world: World) -> None:
    family = await aided(world)
    told = card(1)

    found = await answers(
        world,
        {"household_id": family},
        {"reference": told["reference"]},
        {"kk_number": told["kk_number"]},
        {"nik": told["members"][1]["nik"]},
        NOBODY,
    )

    assert [each["enrolled"] for each in found] == [NOTHING | {"pkh": True}] * 4 + [NOTHING]
    assert [each["known"] for each in found] == [True] * 4 + [False]


async def test_the_day_and_the_schemes_are_those_asked_for(world: World) -> None:
    family = await aided(world)

    before = await answers(world, {"household_id": family}, on="2025-01-19", schemes=["pkh"])
    after = await answers(world, {"household_id": family}, on="2025-01-20", schemes=["pkh"])

    assert [each["enrolled"] for each in (*before, *after)] == [{"pkh": False}, {"pkh": True}]


async def test_a_persons_insurance_is_that_persons(world: World) -> None:
    [family] = await registered(world, 1)
    shown = await world.registry.read(f"/v1/households/{family}")
    mother, _ = (each["id"] for each in shown["members"])
    aid = {"scheme": "pbi_jkn", "started_on": "2025-01-20", "member_id": mother}
    await world.registry.do("/v1/assistance", {"household_id": family, **aid})
    mothers, sons = (each["nik"] for each in card(1)["members"])

    found = await answers(
        world, {"nik": mothers}, {"nik": sons}, {"household_id": family}, schemes=["pbi_jkn"]
    )

    assert [each["enrolled"]["pbi_jkn"] for each in found] == [True, False, True]


async def test_who_sees_one_area_is_answered_and_not_told_what_we_know(world: World) -> None:
    family = await aided(world)

    found = await answers(world, {"household_id": family}, NOBODY, as_=BANTUL_OFFICER)

    assert [each["known"] for each in found] == [None, None]
    assert [each["enrolled"]["pkh"] for each in found] == [True, False]


async def test_another_ministry_asks_under_an_agreement_and_leaves_its_trace(
    world: World,
) -> None:
    family = await aided(world)
    refused = await world.registry.post(
        "/v1/aid-checks", {"items": [{"household_id": family}]}, as_=ASKS
    )
    await may_ask(world)

    found = await answers(world, {"household_id": family}, NOBODY, as_=ASKS)

    assert refused.status_code == 403
    assert [each["enrolled"]["pkh"] for each in found] == [True, False]
    assert [each["known"] for each in found] == [None, None]
    noted = await accesses(world, family)
    assert [each["organisation"] for each in noted] == ["kemenkopukm"]


async def test_lists_are_refused_where_one_at_a_time_was_agreed(world: World) -> None:
    family = await aided(world)
    await may_ask(world, bulk=False)

    one = await answers(world, {"household_id": family}, as_=ASKS)
    many = await world.registry.post(
        "/v1/aid-checks", {"items": [{"household_id": family}, NOBODY]}, as_=ASKS
    )

    assert (one[0]["enrolled"]["pkh"], many.status_code) == (True, 403)


async def test_hundreds_are_answered_in_order(world: World) -> None:
    family = await aided(world)
    items = [{"reference": f"NOBODY-{number}"} for number in range(499)]

    found = await answers(world, *items[:250], {"household_id": family}, *items[250:])

    assert [index for index, each in enumerate(found) if each["known"]] == [250]


@pytest.mark.parametrize(
    "item", [{}, {"nik": "123"}, {"reference": "OOA-0001", "kk_number": "3302054107900000"}]
)
async def test_a_family_is_named_once_and_well(world: World, item: dict[str, str]) -> None:
    refused = await world.registry.post("/v1/aid-checks", {"items": [item]})

    assert refused.status_code == 422
    assert "3302054107900000" not in refused.text


async def test_a_closed_family_is_not_found_by_its_card(world: World) -> None:
    family = await aided(world)
    await world.registry.do(
        f"/v1/households/{family}/close", {"reason": "moved", "closed_on": "2025-03-01"}
    )

    [found] = await answers(world, {"kk_number": card(1)["kk_number"]})

    assert (found["known"], found["enrolled"]) == (False, NOTHING)
