"""Families that are written by the thousand are as those that are written one by one."""

import sqlalchemy as sa

from contracts.registry import DecileRecorded, HouseholdRegistered
from tests.registry.families import card
from tests.registry.imports.files import applied, families, file_of, line
from tests.world import Json, World

NOT_THE_SAME = {"id", "reference", "members", "kk_number"}
OUTBOX = sa.text(
    "SELECT o.*, s.version AS told FROM outbox o JOIN event_stream s USING (topic, key)"
)
VERSIONS = sa.text(
    "SELECT version, effective_on, status, desa_code, member_count, adult_women, livelihood,"
    " decile, facilitator_id FROM household_versions"
)


async def test_a_family_of_a_file_is_as_one_of_the_api_in_every_column(world: World) -> None:
    by_hand = await world.registry.do("/v1/households", card(1))

    await applied(world, families(60))

    from_file = await by_reference(world, "OOA-0060")
    assert without(from_file, NOT_THE_SAME) == without(by_hand, NOT_THE_SAME)
    assert [without(each, {"id", "nik", "birth_year"}) for each in from_file["members"]] == [
        without(each, {"id", "nik", "birth_year"}) for each in by_hand["members"]
    ]
    one, other = await rows(world, VERSIONS)
    assert one == other


async def test_its_events_are_the_first_of_their_keys_and_as_if_published(world: World) -> None:
    await world.registry.do("/v1/households", card(1))
    await applied(world, file_of([line(card(2), decile="4")]))

    by_hand, registered, ranked = sorted(await rows(world, OUTBOX), key=lambda row: row["seq"])

    for name in ("shard", "topic", "type", "sequence", "published_at", "told"):
        assert by_hand[name] == registered[name], name
    assert (ranked["sequence"], ranked["told"], ranked["key"]) == (1, 1, registered["key"])
    [_, event] = await world.published(HouseholdRegistered)
    assert event.model_dump_json().encode() == registered["payload"]
    [decile] = await world.published(DecileRecorded)
    assert decile.model_dump_json().encode() == ranked["payload"]


async def test_a_decile_comes_with_the_first_version(world: World) -> None:
    await applied(world, file_of([line(card(1), decile="2")]))

    family = await by_reference(world, "OOA-0001")
    assert (family["version"], family["decile"], family["decile_cycle"]) == (1, 2, "2025Q1")
    [version] = await rows(world, VERSIONS)
    assert (version["version"], version["decile"]) == (1, 2)


async def test_a_person_of_another_family_is_a_warning(world: World) -> None:
    await applied(world, families(1))
    shared = {"member_2_nik": card(1)["members"][1]["nik"]}
    twice = {"member_2_nik": card(7)["members"][1]["nik"]}

    await applied(
        world, file_of([line(card(2), **shared), *(line(card(n), **twice) for n in (5, 6))])
    )

    for reference, warned in (("1", False), ("2", True), ("5", True), ("6", True)):
        family = await by_reference(world, f"OOA-000{reference}")
        codes = {(each["code"], each["pointer"]) for each in family["warnings"]}
        assert (("nik_in_another_family", "/members/1/nik") in codes) is warned, reference


async def by_reference(world: World, reference: str) -> Json:
    [family] = (await world.registry.read(f"/v1/households?reference={reference}"))["items"]
    return family


async def rows(world: World, query: sa.TextClause) -> list[Json]:
    async with world.registry.database.transaction() as uow:
        return [dict(row) for row in (await uow.execute(query)).mappings()]


def without(told: Json, names: set[str]) -> Json:
    return {name: value for name, value in told.items() if name not in names}
