"""A name of a place, however it is written, gives every region that it may mean."""

import pytest

from tests.world import Json, World

KEBASEN, KEDUNGBANTENG = "33.02.05.2007", "33.02.23.2010"


async def asked(world: World, name: str, **filters: str) -> dict[str, Json]:
    return await world.registry.read("/v1/region-candidates", params={"name": name, **filters})


def named(answer: dict[str, Json], *, score: float = 1) -> list[str]:
    return [each["code"] for each in answer["items"] if each["score"] >= score]


async def test_kalisalak_is_two_desa_of_banyumas(world: World) -> None:
    answer = await asked(world, "kalisalak", level="desa", within="33.02")

    assert named(answer) == [KEBASEN, KEDUNGBANTENG]
    assert answer["ambiguous"]
    assert answer["items"][0]["path"] == ["Jawa Tengah", "Banyumas", "Kebasen", "Kalisalak"]


async def test_the_kecamatan_around_tells_which_kalisalak(world: World) -> None:
    answer = await asked(world, "Ds. Kalisalak", within="33.02.05")

    assert named(answer) == [KEBASEN]
    assert not answer["ambiguous"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Gunung Kidul", "34.03"),
        ("KAB. GUNUNGKIDUL", "34.03"),
        ("Kabupaten Gunung-Kidul", "34.03"),
        ("Kota Bandung", "32.73"),
        ("Kab Bandung", "32.04"),
        ("kota jakarta pusat", "31.71"),
        ("Kota Adm. Jakarta Pusat", "31.71"),
        ("DKI Jakarta", "31"),
        ("D.I. Yogyakarta", "34"),
        ("Daerah Istimewa Yogyakarta", "34"),
        ("Prov. Jawa Tengah", "33"),
        ("Kec. Kebasen", "33.02.05"),
    ],
)
async def test_a_name_is_found_however_people_write_it(world: World, name: str, code: str) -> None:
    assert code in named(await asked(world, name))


async def test_kota_baru_may_be_a_whole_name(world: World) -> None:
    answer = await asked(world, "Kota Baru", level="kecamatan")

    assert answer["items"]
    assert {each["name"] for each in answer["items"] if each["score"] == 1} <= {
        "Kota Baru",
        "Kotabaru",
    }


@pytest.mark.parametrize("name", ["Kalisalk", "Kalisallak", "Kalislaak", "Kalisalek", "Qalisalak"])
async def test_one_wrong_letter_finds_the_desa_ranked_by_likeness(world: World, name: str) -> None:
    answer = await asked(world, name, level="desa", within="33.02")

    assert {KEBASEN, KEDUNGBANTENG} <= set(named(answer, score=0.8))
    assert answer["ambiguous"]
    scores = [each["score"] for each in answer["items"]]
    assert scores == sorted(scores, reverse=True)


async def test_a_misspelt_name_never_stands_for_one_region_silently(world: World) -> None:
    answer = await asked(world, "Gunungkidil", level="kabupaten")

    assert answer["items"][0]["code"] == "34.03"
    assert answer["items"][0]["score"] < 1
    assert answer["ambiguous"]


async def test_a_misspelt_name_is_found_in_the_whole_country(world: World) -> None:
    answer = await asked(world, "Kedungbanteg", level="kecamatan")

    assert "33.02.23" in named(answer, score=0.9)


async def test_very_short_names_must_be_right(world: World) -> None:
    answer = await asked(world, "Xyz")

    assert answer == {"items": [], "ambiguous": False}


async def test_a_name_nobody_knows_has_no_candidates(world: World) -> None:
    assert await asked(world, "Atlantis Selatan Raya") == {"items": [], "ambiguous": False}


async def test_a_name_that_is_no_more_is_found_as_of_its_days(world: World) -> None:
    now = await asked(world, "Tohiti Sari", within="72.01.09")
    then = await asked(world, "Tohiti Sari", within="72.01.09", on="2024-01-01")

    assert named(now) == []
    assert named(then) == ["72.01.09.2012"]


async def test_signs_alone_are_no_name(world: World) -> None:
    assert await asked(world, "%_%") == {"items": [], "ambiguous": False}
