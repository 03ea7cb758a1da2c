"""A family is registered once, masked for everyone, and never refused for a number's sake."""

import pytest

from tests.people import BANTUL_OFFICER, OOA, OTHER_PARTNER
from tests.registry.families import BANTUL_DESA, KEBASEN, card
from tests.world import World


async def test_a_registered_family_is_shown_masked(world: World) -> None:
    told = card()

    family = await world.registry.do("/v1/households", told)

    assert family["status"] == "registered"
    assert family["kk_number"] == "3302********0000"
    assert [member["nik"] for member in family["members"]] == ["3302********0000"] * 2
    assert family["members"][0]["birth_year"] == 1980
    assert family["warnings"] == []
    assert family["synthetic"]


async def test_a_family_is_found_again_at_its_location(world: World) -> None:
    answer = await world.registry.post("/v1/households", card())

    found = await world.registry.get(answer.headers["Location"])

    assert answer.status_code == 201
    assert found.json() == answer.json()
    assert found.headers["ETag"] == answer.headers["ETag"] == '"1"'


@pytest.mark.parametrize("personal", ["nik", "name", "kk_number", "address", "phone"])
async def test_nothing_personal_rests_in_the_clear(world: World, personal: str) -> None:
    told = card()
    await world.registry.do("/v1/households", told)

    rows = await world.registry.everything_stored()

    value = {**told["members"][0], **told}[personal]
    assert str(value).encode() not in rows
