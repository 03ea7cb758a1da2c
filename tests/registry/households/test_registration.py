"""A family is registered once, masked for everyone, and never refused for a number's sake."""

import asyncio
from uuid import UUID

import pytest

from contracts.registry import HouseholdRegistered
from services.registry.households.doubts import WORDS
from services.registry.households.identity_numbers import Doubt
from tests.people import BANTUL_OFFICER, KEMENSOS, OOA, OTHER_PARTNER
from tests.registry.families import (
    BANTUL_DESA,
    KEBASEN,
    KEDUNGBANTENG,
    card,
    everything_stored,
    registered,
)
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


async def test_the_world_hears_of_the_family_and_not_who_it_is(world: World) -> None:
    [family] = await registered(world, 1)

    [event] = await world.published(HouseholdRegistered)

    assert (event.household_id, event.desa_code) == (UUID(family), KEBASEN)
    assert (event.member_count, event.adult_women) == (2, 1)


@pytest.mark.parametrize("personal", ["nik", "name", "kk_number", "address", "phone"])
async def test_nothing_personal_rests_in_the_clear(world: World, personal: str) -> None:
    told = card()
    await world.registry.do("/v1/households", told)

    stored = await everything_stored(world)

    value = str({**told["members"][0], **told}[personal])
    assert "OOA-0001" in stored
    assert value not in stored
    assert value.encode().hex() not in stored


async def test_a_reference_is_used_once(world: World) -> None:
    await registered(world, 1)

    refused = await world.registry.post("/v1/households", card(2) | {"reference": "OOA-0001"})

    assert (refused.status_code, refused.json()["code"]) == (409, "REG-0202")


async def test_a_family_card_is_registered_once_and_not_repeated_in_the_refusal(
    world: World,
) -> None:
    await registered(world, 1)
    same = card(1) | {"reference": "OOA-0002"}

    refused = await world.registry.post("/v1/households", same)

    assert (refused.status_code, refused.json()["code"]) == (409, "REG-0203")
    assert same["kk_number"] not in refused.text


async def test_two_who_register_one_family_at_once_register_it_once(world: World) -> None:
    answers = await asyncio.gather(
        *(
            world.registry.post("/v1/households", card(1) | {"reference": f"OOA-{number:04}"})
            for number in range(8)
        )
    )

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7


async def test_a_person_in_two_families_is_a_warning_to_the_second(world: World) -> None:
    await registered(world, 1)
    other = card(2)
    other["members"][1] = card(1)["members"][1]

    family = await world.registry.do("/v1/households", other)

    assert [(each["code"], each["pointer"]) for each in family["warnings"]] == [
        ("nik_in_another_family", "/members/1/nik")
    ]


async def test_a_closed_family_makes_room_for_its_card_and_persons(world: World) -> None:
    [first] = await registered(world, 1)
    await world.registry.do(
        f"/v1/households/{first}/close", {"reason": "moved", "closed_on": "2025-02-01"}
    )

    family = await world.registry.do("/v1/households", card(1) | {"reference": "OOA-0002"})

    assert family["warnings"] == []


@pytest.mark.parametrize(
    ("field", "value", "doubt"),
    [
        ("sex", "male", "nik_sex_differs"),
        ("birth_date", "1981-01-02", "nik_birth_date_differs"),
        ("nik", "3402014201800000", "nik_region_differs"),
        ("nik", "3302057301800000", "nik_date_impossible"),
        ("birth_date", "2025-02-01", "born_after_registration"),
    ],
)
async def test_a_number_that_does_not_fit_is_a_warning(
    world: World, field: str, value: str, doubt: str
) -> None:
    told = card()
    told["members"][0] |= {field: value}  # type: ignore[misc]  # a field by name

    family = await world.registry.do("/v1/households", told, headers={"Accept-Language": "en"})

    warning = next(each for each in family["warnings"] if each["code"] == doubt)
    assert warning["pointer"].startswith("/members/0/")
    assert warning["detail"] == WORDS[Doubt(doubt)].en


async def test_warnings_speak_indonesian_by_default(world: World) -> None:
    family = await world.registry.do("/v1/households", card() | {"desa_code": BANTUL_DESA})

    assert "Nomor KK dikeluarkan kabupaten lain" in family["warnings"][0]["detail"]


async def test_a_card_names_one_head(world: World) -> None:
    told = card()
    told["members"][1]["relation"] = "head"

    refused = await world.registry.post("/v1/households", told)

    assert (refused.status_code, refused.json()["code"]) == (400, "REG-0205")


async def test_a_card_names_nobody_twice(world: World) -> None:
    told = card()
    told["members"][1]["nik"] = told["members"][0]["nik"]

    refused = await world.registry.post("/v1/households", told)

    assert (refused.status_code, refused.json()["code"]) == (400, "REG-0204")


async def test_a_family_lives_in_a_desa_that_exists(world: World) -> None:
    refused = await world.registry.post("/v1/households", card() | {"desa_code": "33.02.05.9999"})

    assert (refused.status_code, refused.json()["code"]) == (400, "REG-0102")


async def test_an_officer_registers_in_their_own_area(world: World) -> None:
    refused = await world.registry.post("/v1/households", card(), as_=BANTUL_OFFICER)

    assert (refused.status_code, refused.json()["code"]) == (403, "REG-0206")


async def test_a_family_is_seen_in_its_area_and_by_the_company_that_registered_it(
    world: World,
) -> None:
    family = await world.registry.do("/v1/households", card(), as_=OOA)
    path = f"/v1/households/{family['id']}"

    seen = {
        who.subject: (await world.registry.get(path, as_=who)).status_code
        for who in (KEMENSOS, BANTUL_OFFICER, OOA, OTHER_PARTNER)
    }

    assert list(seen.values()) == [200, 404, 200, 404]


async def test_lists_are_narrowed_by_place_status_and_reference(world: World) -> None:
    await registered(world, 1, 2)
    await registered(world, 3, desa_code=KEDUNGBANTENG)

    async def references(query: str) -> list[str]:
        page = await world.registry.read(f"/v1/households?{query}")
        return [family["reference"] for family in page["items"]]

    assert await references("region=33.02.05") == ["OOA-0001", "OOA-0002"]
    assert await references("region=33.02") == ["OOA-0001", "OOA-0002", "OOA-0003"]
    assert await references("status=graduated") == []
    assert await references("reference=OOA-0003") == ["OOA-0003"]
