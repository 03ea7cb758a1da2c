"""What another ministry is shown: exactly what was agreed, and each reading in the ledger."""

import re

import pytest

from tests.people import KEMENSOS, OOA, OTHER_PARTNER, person
from tests.registry.families import BANTUL_DESA, card, registered
from tests.registry.sharing.partners import (
    ORGANISER,
    TRAINER,
    TRUSTED,
    accesses,
    agreed,
    grant,
    shared,
    token_of,
)
from tests.world import World

SHARED = "/v1/shared-households"
NIK = re.compile(r"\d{16}")


async def test_a_reader_gets_exactly_the_agreed_fields(world: World) -> None:
    await registered(world, 1)
    await agreed(world, grant(fields=["desa_code", "members", "sex", "group_size"]))

    [family] = await shared(world, TRAINER)

    assert family.keys() == {"subject_token", "desa_code", "members", "group_size"}
    assert [member.keys() for member in family["members"]] == [{"sex"}, {"sex"}]


async def test_numbers_are_masked_unless_agreed_in_full_and_the_caller_may(world: World) -> None:
    await registered(world, 1)
    await agreed(world, grant(fields=["nik", "kk_number"], full=["nik"]))

    [masked], [full] = await shared(world, TRAINER), await shared(world, TRUSTED)

    told = card(1)
    assert not NIK.search(str(masked))
    assert masked["members"][0]["nik"] == f"{told['members'][0]['nik'][:4]}********0000"
    assert full["members"][0]["nik"] == told["members"][0]["nik"]
    assert "*" in full["kk_number"]


async def test_without_members_only_the_head_is_told(world: World) -> None:
    await registered(world, 1)
    await agreed(world, grant(fields=["relation"]))

    [family] = await shared(world, TRAINER)

    assert family["members"] == [{"relation": "head"}]


async def test_of_children_little_is_given_unless_agreed(world: World) -> None:
    await registered(world, 1)
    fields = ["members", "name", "birth_date", "birth_year", "sex"]
    await agreed(world, grant(fields=fields), grant("protection", fields=fields, children=True))

    [sparing] = await shared(world, TRAINER)
    [complete] = await shared(world, TRAINER, purpose="protection")

    assert sparing["members"][1].keys() == {"sex", "birth_year"}
    assert complete["members"][1]["name"] == "Budi Contoh"


async def test_two_partners_cannot_join_their_files_and_one_can_read_again(world: World) -> None:
    await registered(world, 1)
    await agreed(world)
    await agreed(world, number="MOU-2", party="kemenkopukm")

    ours, again = await token_of(world, TRAINER), await token_of(world, TRAINER)
    theirs = await token_of(world, ORGANISER)
    read = await world.registry.read(
        f"{SHARED}/{ours}", as_=TRAINER, params={"purpose": "empowerment"}
    )

    assert ours == again != theirs
    assert read["household"]["subject_token"] == ours


@pytest.mark.parametrize("which", ["another's token", "an id", "made up"])
async def test_a_family_is_found_by_ones_own_token_only(world: World, which: str) -> None:
    [household_id] = await registered(world, 1)
    await agreed(world)
    await agreed(world, number="MOU-2", party="kemenkopukm")
    subject = {"another's token": await token_of(world, ORGANISER), "an id": household_id}

    refused = await world.registry.get(
        f"{SHARED}/{subject.get(which, 'A' * 43)}",
        as_=TRAINER,
        params={"purpose": "empowerment"},
    )

    assert (refused.status_code, refused.json()["code"]) == (404, "REG-0813")


async def test_who_is_given_ids_reads_by_id(world: World) -> None:
    [household_id] = await registered(world, 1)
    await agreed(world, grant(fields=["household_id", "status"]))

    read = await world.registry.read(
        f"{SHARED}/{household_id}", as_=TRAINER, params={"purpose": "empowerment"}
    )

    assert read["household"]["household_id"] == household_id


async def test_fewer_fields_may_be_asked_never_more(world: World) -> None:
    await registered(world, 1)
    await agreed(world)

    [family] = await shared(world, TRAINER, fields=["status"])
    refused = await world.registry.get(
        SHARED, as_=TRAINER, params={"purpose": "empowerment", "fields": ["phone"]}
    )

    assert family.keys() == {"subject_token", "status"}
    assert (refused.status_code, refused.json()["code"]) == (403, "REG-0804")
    assert refused.json()["missing"] == "phone"


async def test_families_outside_the_agreed_regions_are_not_found(world: World) -> None:
    await registered(world, 1)
    await registered(world, 2, desa_code=BANTUL_DESA)
    await agreed(world, grant(regions=["34.02"]))

    families = await shared(world, TRAINER)

    assert [family["desa_code"] for family in families] == [BANTUL_DESA]


async def test_a_region_narrows_and_pages_go_on(world: World) -> None:
    await registered(world, 1, 2, 3)
    await agreed(world)
    asked = {"purpose": "empowerment", "region": "33.02", "limit": 2}

    first = await world.registry.read(SHARED, as_=TRAINER, params=asked)
    second = await world.registry.read(
        SHARED, as_=TRAINER, params={**asked, "cursor": first["next"]}
    )

    tokens = {family["subject_token"] for family in (*first["items"], *second["items"])}
    assert (len(tokens), second["next"]) == (3, None)


async def test_each_reading_leaves_its_row_with_the_terms_it_rested_on(world: World) -> None:
    [household_id] = await registered(world, 1)
    agreement_id = await agreed(world)

    await shared(world, TRAINER)

    [access] = await accesses(world, household_id)
    assert (access["organisation"], access["purpose"]) == ("kemenperin", "empowerment")
    assert (access["agreement_id"], access["terms"]) == (agreement_id, 1)
    assert (access["action"], "name" in access["fields"]) == ("list", True)
    assert access["words"].startswith("20")
    assert "kemenperin membaca" in access["words"]


async def test_the_ministry_reads_an_identity_in_full_and_leaves_a_row(world: World) -> None:
    [household_id] = await registered(world, 1)

    told = await world.registry.read(
        f"/v1/households/{household_id}/identity", params={"purpose": "complaint"}
    )

    [access] = await accesses(world, household_id)
    assert told["kk_number"] == card(1)["kk_number"]
    assert told["members"][0]["name"] == "Siti Contoh"
    assert (access["action"], access["purpose"]) == ("identity", "complaint")
    assert access["agreement_id"] is None


async def test_an_identity_needs_the_scope_a_known_purpose_and_the_ministry(world: World) -> None:
    [household_id] = await registered(world, 1)
    path = f"/v1/households/{household_id}/identity"
    desk = person("desk", organisation="kemensos", scopes=frozenset({"registry.households:read"}))

    unscoped = await world.registry.get(path, as_=desk, params={"purpose": "complaint"})
    curious = await world.registry.get(path, as_=KEMENSOS, params={"purpose": "curiosity"})
    foreign = await world.registry.get(path, as_=TRUSTED, params={"purpose": "complaint"})

    assert (unscoped.status_code, unscoped.json()["code"]) == (403, "KER-0002")
    assert curious.status_code == 422
    assert (foreign.status_code, foreign.json()["code"]) == (403, "REG-0811")
    assert await accesses(world, household_id) == []


@pytest.mark.parametrize(
    "path",
    ["/v1/households", "/v1/households/{id}", "/v1/households/{id}/versions", "/v1/assistance"],
)
async def test_another_ministry_reads_no_family_outside_an_agreement(
    world: World, path: str
) -> None:
    [household_id] = await registered(world, 1)
    kemenperin = person("kemenperin-trainer", organisation="kemenperin")

    refused = await world.registry.get(path.format(id=household_id), as_=kemenperin)

    assert (refused.status_code, refused.json()["code"]) == (403, "REG-0812")


async def test_a_company_still_sees_its_own_families_masked(world: World) -> None:
    mine = await world.registry.do("/v1/households", card(1), as_=OOA)

    seen = await world.registry.read(f"/v1/households/{mine['id']}", as_=OOA)
    hidden = await world.registry.get(f"/v1/households/{mine['id']}", as_=OTHER_PARTNER)

    assert not NIK.search(str(seen))
    assert hidden.status_code == 404
