"""Places are known by code; a name gives candidates, never one silently."""

import pytest

from tests.world import World


async def test_kalisalak_is_two_desa_of_banyumas(world: World) -> None:
    answer = await world.registry.read("/v1/region-candidates?name=kalisalak&level=desa")

    assert [(each["code"], each["path"][2]) for each in answer["items"]] == [
        ("33.02.05.2007", "Kebasen"),
        ("33.02.23.2010", "Kedungbanteng"),
    ]
    assert answer["items"][0]["path"] == ["Jawa Tengah", "Banyumas", "Kebasen", "Kalisalak"]


async def test_a_name_is_found_however_people_space_it(world: World) -> None:
    answer = await world.registry.read("/v1/region-candidates?name=Gunung%20Kidul")

    assert ("34.03", "kabupaten") in {(each["code"], each["level"]) for each in answer["items"]}


async def test_a_name_nobody_knows_has_no_candidates(world: World) -> None:
    assert await world.registry.read("/v1/region-candidates?name=Atlantis") == {"items": []}


@pytest.mark.parametrize(
    ("code", "name", "kecamatan", "desa"),
    [
        ("33.01", "Cilacap", 24, 284),
        ("33.02", "Banyumas", 27, 331),
        ("33.07", "Wonosobo", 15, 265),
        ("34.02", "Bantul", 17, 75),
        ("34.03", "Gunungkidul", 18, 144),
    ],
)
async def test_the_five_kabupaten_are_whole(
    world: World, code: str, name: str, kecamatan: int, desa: int
) -> None:
    region = await world.registry.read(f"/v1/regions/{code}")
    inside = await children(world, code)
    below = [await children(world, each) for each in inside]

    assert region["name"] == name
    assert len(inside) == kecamatan
    assert sum(len(each) for each in below) == desa


async def children(world: World, parent: str) -> list[str]:
    answer = await world.registry.read(f"/v1/regions?parent={parent}&limit=200")
    return [region["code"] for region in answer["items"]]


async def test_a_level_is_read_page_by_page(world: World) -> None:
    first = await world.registry.read("/v1/regions?level=kabupaten&limit=3")
    rest = await world.registry.read(f"/v1/regions?level=kabupaten&cursor={first['next']}")

    assert [region["code"] for region in first["items"] + rest["items"]] == [
        "33.01",
        "33.02",
        "33.07",
        "34.02",
        "34.03",
    ]
    assert rest["next"] is None


async def test_a_code_nobody_assigned_is_not_found(world: World) -> None:
    answer = await world.registry.get("/v1/regions/99.99")

    assert (answer.status_code, answer.json()["code"]) == (404, "REG-0101")
