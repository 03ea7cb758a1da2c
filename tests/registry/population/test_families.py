"""Invented families are everywhere, the same each time, and nobody."""

import asyncio
from collections import Counter
from itertools import islice
from pathlib import Path

from cli.cluster import SUPERUSER
from cli.postgres import EmbeddedPostgres
from services.registry.households.identity_numbers import (
    Sex,
    doubts_about_kk,
    doubts_about_nik,
    parse,
)
from services.registry.population import file, loading
from services.registry.population.families import REGISTERED_ON, Country
from services.registry.regions.models import kabupaten_of
from tests.registry.imports.files import checked
from tests.world import World

DESA = [f"33.02.{kecamatan:02}.{2001 + desa}" for kecamatan in range(1, 9) for desa in range(9)]
FAMILIES = 5_000


def test_the_same_number_is_the_same_family() -> None:
    country, other = Country(DESA), Country(reversed(DESA))

    assert list(country.families(7, 30)) == list(islice(other.families(0, 99), 7, 30))


def test_no_card_and_no_family_comes_twice() -> None:
    families = list(Country(DESA).families(0, FAMILIES))

    for named in ("kk_number", "reference"):
        assert max(Counter(getattr(each, named) for each in families).values()) == 1
    assert {each.desa_code for each in families} == set(DESA)


def test_nobody_is_meant_and_nothing_is_doubtful() -> None:
    for family in Country(DESA).families(0, FAMILIES):
        kabupaten = kabupaten_of(family.desa_code)
        assert parse(family.kk_number).synthetic
        assert doubts_about_kk(family.kk_number, kabupaten=kabupaten) == []
        for member in family.members:
            assert parse(member.nik).synthetic
            assert member.birth_date < REGISTERED_ON
            found = doubts_about_nik(
                member.nik,
                birth_date=member.birth_date,
                sex=Sex(member.sex),
                kabupaten=kabupaten,
            )
            assert found == []


async def test_a_file_of_them_is_imported_whole(world: World, tmp_path: Path) -> None:
    path = tmp_path / "families.csv"
    written = file.write(path, Country(["33.02.05.2007", "34.02.01.2001"]).families(0, 40))

    job = await checked(world, path.read_text())

    assert written == job["counts"]["new"] == 40
    assert job["counts"]["errors"] == 0


async def test_families_are_added_to_those_invented_before(
    world: World, postgres: EmbeddedPostgres
) -> None:
    name = world.registry.database.url.rpartition("/")[2]
    url = postgres.url(name, SUPERUSER)
    vault = world.registry.app.state.vault
    world.registry.used = True

    for households in (30, 20):
        await asyncio.to_thread(
            loading.load, url, vault, households=households, organisation="kemensos"
        )

    page = await world.registry.read("/v1/households?limit=200")
    assert len({family["reference"] for family in page["items"]}) == 50
    assert {family["kk_number"][-4:] for family in page["items"]} == {"0000"}
    assert all(family["members"] for family in page["items"])
    one = page["items"][0]
    assert one == await world.registry.read(f"/v1/households/{one['id']}")
