"""Places are known by code, as of a day; a name gives candidates, never one silently."""

import pytest

from tests.registry.families import card
from tests.world import Json, World

PAPUA_SELATAN, MERAUKE = "93", "93.01"
WENT_IN_2025, CAME_IN_2025 = "72.01.09.2012", "72.01.24.2001"


async def test_the_country_is_whole(world: World) -> None:
    provinces = await children(world, level="province")
    kabupaten = await children(world, level="kabupaten")

    assert (len(provinces), len(kabupaten)) == (38, 514)


@pytest.mark.parametrize(
    ("code", "name", "kecamatan", "desa"),
    [
        ("33.01", "Cilacap", 24, 284),
        ("33.02", "Banyumas", 27, 331),
        ("33.07", "Wonosobo", 15, 265),
        ("34.02", "Bantul", 17, 75),
        ("34.03", "Gunungkidul", 18, 144),
        ("96.71", "Kota Sorong", 10, 41),
    ],
)
async def test_a_kabupaten_is_whole(
    world: World, code: str, name: str, kecamatan: int, desa: int
) -> None:
    region = await world.registry.read(f"/v1/regions/{code}")
    inside = await children(world, parent=code)
    below = [await children(world, parent=each) for each in inside]

    assert region["name"] == name
    assert len(inside) == kecamatan
    assert sum(len(each) for each in below) == desa


async def children(world: World, **filters: str) -> list[str]:
    codes: list[str] = []
    page: dict[str, Json] = {"next": ""}
    while page["next"] is not None:
        params = {"limit": "200", **filters, **({"cursor": page["next"]} if page["next"] else {})}
        page = await world.registry.read("/v1/regions", params=params)
        codes += [region["code"] for region in page["items"]]
    return codes


async def test_a_new_province_is_there_from_its_first_day_on(world: World) -> None:
    day_before, first_day = "2022-07-24", "2022-07-25"

    before = await world.registry.get(f"/v1/regions/{MERAUKE}?on={day_before}")
    since = await world.registry.read(f"/v1/regions/{MERAUKE}?on={first_day}")
    provinces_before = await children(world, level="province", on=day_before)
    provinces_since = await children(world, level="province", on=first_day)

    assert before.json()["code"] == "REG-0101"
    assert since["valid_from"] == first_day
    assert set(provinces_since) - set(provinces_before) == {PAPUA_SELATAN, "94", "95"}


async def test_a_code_that_a_decree_left_out_is_still_known_but_listed_no_more(
    world: World,
) -> None:
    shown = await world.registry.read(f"/v1/regions/{WENT_IN_2025}")
    before = await children(world, parent="72.01.09", on="2025-04-24")
    since = await children(world, parent="72.01.09", on="2025-04-25")

    assert shown["valid_until"] == "2025-04-25"
    assert WENT_IN_2025 in before
    assert WENT_IN_2025 not in since


async def test_a_desa_that_is_no_more_takes_no_new_family(world: World) -> None:
    from_old = await world.registry.post("/v1/households", card(1, desa_code=WENT_IN_2025))
    from_new = await world.registry.post("/v1/households", card(1, desa_code=CAME_IN_2025))

    assert from_old.json()["code"] == "REG-0102"
    assert from_new.status_code == 201


async def test_a_level_is_read_page_by_page(world: World) -> None:
    first = await world.registry.read("/v1/regions?parent=33&limit=3")
    rest = await world.registry.read(f"/v1/regions?parent=33&cursor={first['next']}")

    codes = [region["code"] for region in first["items"] + rest["items"]]
    assert (len(first["items"]), len(codes), codes) == (3, 35, sorted(codes))
    assert rest["next"] is None


async def test_a_code_nobody_assigned_is_not_found(world: World) -> None:
    answer = await world.registry.get("/v1/regions/99.99")

    assert (answer.status_code, answer.json()["code"]) == (404, "REG-0101")
