"""Families counted region by region, from the desa to the nation."""

import random
from datetime import date
from uuid import UUID

import pytest

from contracts.empowerment import ExitKind, GraduationApproved
from kernel.ids import new_id
from services.registry.regions import facts
from services.registry.regions.models import Level, level_of, path_of
from tests.people import BANTUL_OFFICER, OOA
from tests.registry.families import (
    BANTUL_DESA,
    KEBASEN,
    card,
    member,
    registered,
    status_of,
)
from tests.world import Json, World

NUMBERS = (
    "households",
    "unranked",
    "members",
    "adult_women",
    "productive_age",
    "graduated_this_year",
    "micro_business",
)
TABLES = ("by_status", "by_decile", "receiving")


async def statistics(world: World, **asked: Json) -> dict[str, Json]:
    as_ = {"as_": asked.pop("as_")} if "as_" in asked else {}
    return await world.registry.read("/v1/statistics/households", params=asked, **as_)


async def every_region(world: World, **asked: Json) -> list[dict[str, Json]]:
    page = await statistics(world, limit=200, **asked)
    items = list(page["items"])
    while page["next"] is not None:
        page = await statistics(world, limit=200, cursor=page["next"], **asked)
        items += page["items"]
    return items


def figures(item: dict[str, Json]) -> dict[str, Json]:
    return {name: item[name] for name in (*NUMBERS, *TABLES)}


def added(items: list[dict[str, Json]]) -> dict[str, Json]:
    return {
        **{name: sum(item[name] for item in items) for name in NUMBERS},
        **{
            name: {key: sum(item[name][key] for item in items) for key in items[0][name]}
            for name in TABLES
        },
    }


async def a_country(world: World, *, seed: int = 1) -> list[str]:
    """Register families anywhere: some ranked, aided, closed, with a business; name their desa."""
    chance = random.Random(seed)  # noqa: S311 - to lay out a country, not to keep a secret
    places = chance.sample([fact.code for fact in facts.read() if is_desa(fact)], k=9)
    families = []
    for number, desa in enumerate(chance.choices(places, k=16), 1):
        livelihood = {
            "skills": ["weaving"],
            "productive_members": 1,
            "micro_business": chance.random() < 0.5,
        }
        told = {**card(number, desa_code=desa), "livelihood": livelihood}
        families.append(str((await world.registry.do("/v1/households", told))["id"]))
    await rank(world, {family: chance.randint(1, 10) for family in chance.sample(families, k=11)})
    for family in chance.sample(families, k=7):
        aid = {"household_id": family, "scheme": "pkh", "started_on": "2025-01-20"}
        await world.registry.do("/v1/assistance", aid)
    for family in chance.sample(families, k=3):
        leaving = {"reason": "moved", "closed_on": "2025-03-01"}
        await world.registry.do(f"/v1/households/{family}/close", leaving)
    return places


def is_desa(fact: facts.Fact) -> bool:
    return level_of(fact.code) is Level.DESA and fact.valid_until is None


async def rank(world: World, deciles: dict[str, int]) -> None:
    items = [{"household_id": family, "decile": decile} for family, decile in deciles.items()]
    await world.registry.do(
        "/v1/welfare-cycles/2025Q1/deciles",
        {"reference_date": "2025-03-31", "source": "BPS", "items": items},
    )


async def graduate(world: World, family: str, *, on: date) -> None:
    household_id = UUID(family)
    await world.announce(
        GraduationApproved(
            proposal_id=new_id(),
            household_id=household_id,
            exit_kind=ExitKind.SELF_RELIANT,
            decided_on=on,
            criteria_version="1",
        ),
        key=household_id,
    )
    await world.settle()


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_the_parts_of_every_region_add_up_to_it(world: World, seed: int) -> None:
    """From the country down to the desa, along the way to some families."""
    desas = await a_country(world, seed=seed)

    nation = (await statistics(world))["total"]
    assert nation["households"] == 13
    for asked in ({}, *({"within": code} for desa in desas[:3] for code in path_of(desa))):
        total = (await statistics(world, limit=1, **asked))["total"]
        assert added(await every_region(world, **asked)) == figures(total)


@pytest.mark.parametrize("level", ["province", "kabupaten", "kecamatan"])
async def test_the_regions_of_a_level_add_up_to_the_nation(world: World, level: str) -> None:
    await a_country(world)

    regions = await every_region(world, level=level)

    assert added(regions) == figures((await statistics(world))["total"])


async def test_a_region_without_families_stands_there_with_zeros(world: World) -> None:
    await registered(world, 1)

    provinces = await every_region(world)

    assert len(provinces) == 38
    [aceh] = [item for item in provinces if item["name"] == "Aceh"]
    assert (aceh["households"], aceh["by_status"]["registered"], aceh["by_decile"]["1"]) == (
        0,
        0,
        0,
    )


async def test_every_figure_counts_what_it_says(world: World) -> None:
    old = member(KEBASEN, date(1950, 1, 1), relation="parent")
    told = card(1)
    told["members"].append(old)
    livelihood = {"skills": [], "productive_members": 1, "micro_business": True}
    family = str(
        (await world.registry.do("/v1/households", {**told, "livelihood": livelihood}))["id"]
    )
    await rank(world, {family: 2})
    aid = {"household_id": family, "scheme": "sembako", "started_on": "2025-01-20"}
    await world.registry.do("/v1/assistance", aid)

    [kebasen] = (await statistics(world, within=KEBASEN))["items"]

    assert (kebasen["code"], kebasen["name"], kebasen["level"]) == (KEBASEN, "Kalisalak", "desa")
    assert (kebasen["members"], kebasen["adult_women"], kebasen["productive_age"]) == (3, 2, 2)
    assert (kebasen["by_decile"]["2"], kebasen["unranked"], kebasen["micro_business"]) == (1, 0, 1)
    assert kebasen["receiving"] == {"pkh": 0, "sembako": 1, "pbi_jkn": 0}
    assert kebasen["by_status"]["assisted"] == 1


async def test_a_family_that_moved_is_counted_where_it_lived_on_the_day(world: World) -> None:
    [family] = await registered(world, 1, desa_code=BANTUL_DESA)
    moved = {"desa_code": KEBASEN, "changed_on": "2025-06-01"}
    await world.registry.patch(f"/v1/households/{family}", moved, headers={"If-Match": "*"})

    before = await every_region(world, on="2025-05-31")
    since = await every_region(world, on="2025-06-01")
    too_early = await statistics(world, on="2025-01-14")

    assert [item["code"] for item in before if item["households"]] == ["34"]
    assert [item["code"] for item in since if item["households"]] == ["33"]
    assert too_early["total"]["households"] == 0


async def test_a_family_graduates_once_in_the_year_it_graduated(world: World) -> None:
    [family] = await registered(world, 1)
    await graduate(world, family, on=date(2025, 11, 3))
    visit = {"phone": "081299999999", "changed_on": "2026-02-01"}
    await world.registry.patch(f"/v1/households/{family}", visit, headers={"If-Match": "*"})

    counted = {
        day: (await statistics(world, on=day))["total"]["graduated_this_year"]
        for day in ("2025-11-02", "2025-11-03", "2025-12-31", "2026-02-02")
    }

    assert await status_of(world, family) == "graduated"
    assert counted == {"2025-11-02": 0, "2025-11-03": 1, "2025-12-31": 1, "2026-02-02": 0}


async def test_only_families_in_the_callers_area_are_counted(world: World) -> None:
    await registered(world, 1)
    await registered(world, 2, 3, desa_code=BANTUL_DESA)

    bantul = await statistics(world, as_=BANTUL_OFFICER)
    company = await statistics(world, as_=OOA)

    assert bantul["total"]["households"] == 2
    assert [item["code"] for item in bantul["items"] if item["households"]] == ["34"]
    assert company["total"]["households"] == 0


async def test_a_page_ends_where_the_next_begins(world: World) -> None:
    first = await statistics(world, limit=30)
    rest = await statistics(world, limit=30, cursor=first["next"])

    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (30, 8, None)
    assert rest["total"] is None


async def test_a_province_of_2022_is_no_region_before(world: World) -> None:
    regions = await every_region(world, on="2022-07-24")

    assert len(regions) == 34
    assert "Papua Selatan" not in {region["name"] for region in regions}


@pytest.mark.parametrize(
    ("asked", "code"),
    [({"within": "99"}, "REG-0101"), ({"within": "33.02", "level": "province"}, "REG-0103")],
)
async def test_what_no_region_answers_is_refused(
    world: World, asked: dict[str, str], code: str
) -> None:
    answer = await world.registry.get("/v1/statistics/households", params=asked)

    assert answer.json()["code"] == code
