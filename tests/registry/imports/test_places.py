"""A desa may be named: one of the name is taken, of several the sender chooses, none is guessed."""

import csv
import io

import pytest

from tests.registry.families import KEBASEN, card
from tests.registry.imports.files import COLUMNS, checked, faults, line
from tests.world import World

NAMES = ("desa_name", "kecamatan_name", "kabupaten_name")


def named(desa: str, kecamatan: str, kabupaten: str) -> str:
    columns = [*(name for name in COLUMNS if name != "desa_code"), *NAMES]
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore")
    writer.writeheader()
    names = dict(zip(NAMES, (desa, kecamatan, kabupaten), strict=True))
    writer.writerow({**line(card(1)), **names})
    return text.getvalue()


@pytest.mark.parametrize(
    "names",
    [
        ("Kalisalak", "Kebasen", "Banyumas"),
        ("KALISALAK", "Kec. Kebasen", "Kab. Banyumas"),
        ("Desa Kalisalak", "kebasen", ""),
    ],
)
async def test_a_desa_that_is_named_is_found(world: World, names: tuple[str, str, str]) -> None:
    await world.registry.do("/v1/households", card(1, desa_code=KEBASEN))

    job = await checked(world, named(*names))

    assert job["counts"]["unchanged"] == 1


async def test_of_two_desa_of_a_name_the_sender_chooses(world: World) -> None:
    job = await checked(world, named("Kalisalak", "", "Banyumas"))

    [fault] = await faults(world, job)
    assert (fault["cell"], fault["code"]) == ("Q2", "desa_ambiguous")
    assert "33.02.05.2007, 33.02.23.2010" in fault["detail"]


@pytest.mark.parametrize(
    ("names", "column", "near"),
    [
        (("Kalisalaq", "Kebasen", "Banyumas"), "desa_name", "Kalisalak (33.02.05.2007)"),
        (("Kalisalak", "Kebassen", "Banyumas"), "kecamatan_name", "Kebasen (33.02.05)"),
        (("Kalisalak", "Kebasen", "Banyumaz"), "kabupaten_name", "Banyumas (33.02)"),
        (("Nowhere At All", "Kebasen", "Banyumas"), "desa_name", ": -"),
    ],
)
async def test_a_misspelt_place_is_told_with_the_nearest(
    world: World, names: tuple[str, str, str], column: str, near: str
) -> None:
    job = await checked(world, named(*names))

    [fault] = await faults(world, job)
    assert (fault["column"], fault["code"]) == (column, "place_unknown")
    assert near in fault["detail"]
