"""PBI JKN insures a family, or single persons of it; and nobody gets the same aid twice unseen."""

from uuid import uuid4

from contracts.registry import AssistanceStarted
from tests.registry.families import card, registered
from tests.world import Json, World


def insured(family: str, person: str | None = None) -> dict[str, Json]:
    return {
        "household_id": family,
        "scheme": "pbi_jkn",
        "member_id": person,
        "started_on": "2025-01-20",
    }


async def people_of(world: World, family: str) -> list[str]:
    shown = await world.registry.read(f"/v1/households/{family}")
    return [each["id"] for each in shown["members"]]


async def test_each_person_is_insured_once(world: World) -> None:
    [family] = await registered(world, 1)
    mother, son = await people_of(world, family)

    answers = [
        await world.registry.post("/v1/assistance", insured(family, person))
        for person in (mother, son, mother, None)
    ]

    assert [answer.status_code for answer in answers] == [201, 201, 409, 409]
    assert [str(event.member_id) for event in await world.published(AssistanceStarted)] == [
        mother,
        son,
    ]


async def test_an_insured_family_needs_no_insurance_of_one(world: World) -> None:
    [family] = await registered(world, 1)
    mother, _ = await people_of(world, family)
    await world.registry.do("/v1/assistance", insured(family))

    refused = await world.registry.post("/v1/assistance", insured(family, mother))

    assert (refused.status_code, refused.json()["code"]) == (409, "REG-0402")


async def test_only_the_insurance_is_a_persons(world: World) -> None:
    [family] = await registered(world, 1)
    mother, _ = await people_of(world, family)

    of_pkh = await world.registry.post(
        "/v1/assistance", insured(family, mother) | {"scheme": "pkh"}
    )
    of_nobody = await world.registry.post("/v1/assistance", insured(family, str(uuid4())))

    assert [each.json()["code"] for each in (of_pkh, of_nobody)] == ["REG-0406", "REG-0407"]


async def with_the_same_mother(world: World) -> tuple[str, str]:
    """Register two families that name one person: her papers did not follow her yet."""
    one, two = card(1), card(100)
    two["members"] = [one["members"][0], two["members"][1]]
    families = [await world.registry.do("/v1/households", told) for told in (one, two)]
    return families[0]["id"], families[1]["id"]


async def doubles(world: World, scheme: str, **rest: Json) -> list[set[str]]:
    page = await world.registry.read(f"/v1/double-aid?scheme={scheme}", **rest)
    return [set(each["household_ids"]) for each in page["items"]]


async def test_one_person_with_the_same_aid_in_two_families_is_reported(world: World) -> None:
    one, two = await with_the_same_mother(world)
    aid = {"scheme": "pkh", "started_on": "2025-01-20"}
    first = await world.registry.do("/v1/assistance", aid | {"household_id": one})
    before = await doubles(world, "pkh")

    await world.registry.do("/v1/assistance", aid | {"household_id": two})

    assert (before, await doubles(world, "pkh")) == ([], [{one, two}])
    assert await doubles(world, "sembako") == []
    end = {"ended_on": "2025-06-30", "reason": "double"}
    await world.registry.do(f"/v1/assistance/{first['id']}/end", end)
    assert await doubles(world, "pkh") == []


async def test_a_persons_own_insurance_is_double_only_for_that_person(world: World) -> None:
    one, two = await with_the_same_mother(world)
    mother, son = await people_of(world, one)
    await world.registry.do("/v1/assistance", insured(two))
    await world.registry.do("/v1/assistance", insured(one, son))
    before = await doubles(world, "pbi_jkn")

    await world.registry.do("/v1/assistance", insured(one, mother))

    assert (before, await doubles(world, "pbi_jkn")) == ([], [{one, two}])
