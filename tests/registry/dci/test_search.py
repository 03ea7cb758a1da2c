"""Searching families by the DCI standard: what is found, shown, counted and sorted."""

from datetime import date

import pytest

from kernel import clock
from tests.people import person
from tests.registry.dci.partner import (
    SCOPES,
    by_expression,
    by_number,
    by_predicates,
    compares,
    partner,
)
from tests.registry.families import BANTUL_DESA, KEBASEN, card, registered
from tests.registry.sharing.partners import accesses
from tests.world import Json, World

PROTECTION = person("kpppa-system", organisation="kpppa", scopes=SCOPES)


def numbers(records: list[Json], kind: str = "KK") -> list[str]:
    """Return the numbers of a kind in the order of the records."""
    return [
        each["identifier_value"]
        for record in records
        for each in record["group_identifier"]
        if each["identifier_type"] == kind
    ]


async def ranked(world: World, household_id: str, decile: int) -> None:
    """Record the decile of a family."""
    body = {
        "items": [{"household_id": household_id, "decile": decile}],
        "reference_date": "2025-03-01",
        "source": "BPS",
    }
    await world.registry.do("/v1/welfare-cycles/2025Q1/deciles", body)


async def aided(world: World, household_id: str, scheme: str = "pkh") -> None:
    """Let a family receive social aid."""
    body = {"household_id": household_id, "scheme": scheme, "started_on": "2025-02-01"}
    await world.registry.do("/v1/assistance", body)


def mother(number: int) -> str:
    """Return the NIK of the head of a family."""
    return card(number)["members"][0]["nik"]


@pytest.mark.parametrize("kind", ["UIN", "NIK"])
async def test_a_family_is_found_by_the_nik_of_a_member(world: World, kind: str) -> None:
    await registered(world, 1, 2)
    spmis = await partner(world)

    found = await spmis.records(by_number(kind, mother(1)))

    assert numbers(found) == [card(1)["kk_number"]]


async def test_a_family_is_found_by_its_card_and_by_its_token(world: World) -> None:
    await registered(world, 1, 2)
    spmis = await partner(world)

    by_card = await spmis.records(by_number("KK", card(2)["kk_number"]))
    [token] = numbers(by_card, "SUBJECT_TOKEN")

    assert await spmis.records(by_number("SUBJECT_TOKEN", token)) == by_card


async def test_numbers_of_other_registers_find_nobody(world: World) -> None:
    await registered(world, 1)
    spmis = await partner(world)

    for kind in ("BRN", "MRN", "DRN"):
        assert await spmis.records(by_number(kind, mother(1))) == []


async def test_a_family_is_told_as_a_group_of_the_standard(world: World) -> None:
    [household_id] = await registered(world, 1)
    await ranked(world, household_id, 2)
    await aided(world, household_id)
    spmis = await partner(world, children=True)

    [found] = await spmis.records(by_number("NIK", mother(1)))

    head = found["group_head_info"]
    assert found["group_type"] == "family"
    assert found["place"] == {"@type": "Place", "place_code": KEBASEN, "country": "IDN"}
    assert (found["poverty_score"], found["poverty_score_type"]) == (2, "DTSEN-decile")
    assert (found["group_size"], len(found["member_list"])) == (2, 2)
    assert found["registration_date"] == "2025-01-15"
    assert {"key": "programmes", "value": ["pkh"]} in found["additional_attributes"]
    assert head == found["member_list"][0]
    assert head["demographic_info"]["name"]["given_name"] == "Siti Contoh"
    assert head["demographic_info"]["birth_date"] == card(1)["members"][0]["birth_date"]
    assert head["member_identifier"][0]["identifier_value"] == mother(1)


async def test_persons_are_told_as_members(world: World) -> None:
    await registered(world, 1)
    spmis = await partner(world)

    [found] = await spmis.records(by_number("NIK", mother(1), response_entity="Member"))

    told = {each["key"]: each["value"] for each in found["additional_attributes"]}
    assert found["demographic_info"]["sex"] == "female"
    assert told["relation"] == "head"
    assert told["group_identifier"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"poverty_score": {"$lt": 3}}, {1, 2}),
        ({"poverty_score": {"$lt": 2.5}}, {1, 2}),
        ({"poverty_score": {"$gte": "3"}}, {3}),
        ({"poverty_score": 2}, {2}),
        ({"poverty_score": 2.5}, set()),
        ({"poverty_score": {"$ne": 2}}, {1, 3}),
        ({"poverty_score": {"$in": [1, 3, 9]}}, {1, 3}),
        ({"$not": {"poverty_score": {"$lt": 3}}}, {3, 4}),
        ({"poverty_score": {"$not": {"$lt": 3}}}, {3, 4}),
        ({"$and": [{"poverty_score": {"$gt": 1}}, {"poverty_score": {"$lte": 2}}]}, {2}),
        ({"$or": [{"poverty_score": 1}, {"location": "34"}]}, {1, 4}),
        ({"location": {"$eq": "33.02"}}, {1, 2, 3}),
        ({"location": {"$ne": "33.02"}}, {4}),
        ({"location": {"$in": ["34.02", "33.02.05.2007"]}}, {1, 2, 3, 4}),
        ({"location": "33.0"}, None),
        ({"programme": {"$eq": "pkh"}}, {1}),
        ({"$not": {"programme": "pkh"}}, {2, 3, 4}),
        ({"status": {"$in": ["assisted", "graduated"]}}, {1}),
        ({"group_size": {"$gte": 2, "$lt": 3}, "poverty_score": 1}, {1}),
        ({"group_size": {"$gt": 99999999999999}}, set()),
        ({"age": {"$gte": 200}}, set()),
    ],
)
async def test_an_expression_finds_what_it_says(
    world: World, query: Json, expected: set[int] | None
) -> None:
    families = [
        *await registered(world, 1, 2, 3),
        *await registered(world, 4, desa_code=BANTUL_DESA),
    ]
    for household_id, decile in zip(families, (1, 2, 3), strict=False):
        await ranked(world, household_id, decile)
    await aided(world, families[0])
    spmis = await partner(world)

    if expected is None:
        assert await spmis.reason(by_expression(query)) == "rjct.filter.invalid"
        return
    found = await spmis.records(by_expression(query))

    assert set(numbers(found)) == {kk(number) for number in expected}


def kk(number: int) -> str:
    """Return the family card number of a family: the fourth lives in Bantul."""
    return card(number, desa_code=BANTUL_DESA if number == 4 else KEBASEN)["kk_number"]


@pytest.mark.parametrize(
    ("predicates", "expected"),
    [
        ([{"seq_num": 1, "expression1": compares("poverty_score", "lt", "2.5")}], {1, 2}),
        (
            [
                {
                    "seq_num": 1,
                    "expression1": compares("poverty_score", "ge", 2),
                    "condition": "and",
                    "expression2": compares("poverty_score", "le", 2),
                }
            ],
            {2},
        ),
        (
            [
                {
                    "seq_num": 1,
                    "expression1": compares("location", "eq", "33.02"),
                    "condition": "not",
                    "expression2": compares("poverty_score", "in", [1, 2]),
                }
            ],
            {3},
        ),
        (
            [
                {"seq_num": 2, "expression1": compares("poverty_score", "eq", 3)},
                {
                    "seq_num": 1,
                    "expression1": compares("poverty_score", "eq", 1),
                    "condition": "or",
                },
            ],
            {1, 3},
        ),
    ],
)
async def test_predicates_are_joined_in_their_order(
    world: World, predicates: list[Json], expected: set[int]
) -> None:
    for number, household_id in enumerate(await registered(world, 1, 2, 3), start=1):
        await ranked(world, household_id, number)
    spmis = await partner(world)

    found = await spmis.records(by_predicates(*predicates))

    assert set(numbers(found)) == {kk(number) for number in expected}


@pytest.mark.parametrize(
    ("operator", "years", "there"),
    [("$gte", 0, True), ("$gt", 0, False), ("$lte", 0, True), ("$lt", 0, False), ("$lt", 1, True)],
)
async def test_a_person_is_as_old_as_the_last_birthday_says(
    world: World, operator: str, years: int, *, there: bool
) -> None:
    await registered(world, 1)
    born = date.fromisoformat(card(1)["members"][0]["birth_date"])
    today = clock.today()
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    spmis = await partner(world)

    query = {"age": {operator: age + years}}
    found = await spmis.records(by_expression(query, response_entity="Member"))

    assert len(found) == there


async def test_a_childs_age_is_not_searched_unless_agreed(world: World) -> None:
    await registered(world, 1)
    minors = by_expression({"age": {"$lt": 18}})
    spmis = await partner(world)
    nik = card(1)["members"][1]["nik"]

    assert await spmis.records(minors) == []
    assert await spmis.records(by_number("NIK", nik)) == []

    protection = await partner(world, actor=PROTECTION, children=True)
    assert len(await protection.records(minors)) == 1


async def test_pages_are_sorted_and_counted(world: World) -> None:
    for number, household_id in enumerate(await registered(world, 1, 2, 3), start=1):
        await ranked(world, household_id, number)
    spmis = await partner(world)
    downwards = [{"attribute_name": "poverty_score", "sort_order": "desc"}]

    pages = [
        (
            await spmis.finds(
                by_expression(
                    {"location": "33"},
                    sort=downwards,
                    pagination={"page_size": 2, "page_number": page},
                )
            )
        )[0]
        for page in (1, 2, 3)
    ]

    found = [record["poverty_score"] for page in pages for record in page["data"]["reg_records"]]
    assert found == [3, 2, 1]
    assert pages[1]["pagination"] == {"page_size": 2, "page_number": 2, "total_count": 3}


async def test_a_family_that_left_the_registry_is_not_found(world: World) -> None:
    [household_id] = await registered(world, 1)
    await world.registry.do(
        f"/v1/households/{household_id}/close", {"closed_on": "2025-03-01", "reason": "moved"}
    )
    spmis = await partner(world)

    assert await spmis.records(by_number("NIK", mother(1))) == []


async def test_each_search_is_in_the_access_ledger(world: World) -> None:
    [household_id] = await registered(world, 1)
    spmis = await partner(world)

    await spmis.records(by_number("NIK", mother(1)))

    [access] = await accesses(world, household_id)
    assert access["organisation"] == "kemenperin"
    assert access["purpose"] == "empowerment"
    assert "nik" in access["fields"]
