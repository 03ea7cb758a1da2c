"""What an agreement does not give is neither shown, nor counted, nor found by it."""

import pytest

from tests.people import KEMENSOS, OOA, person
from tests.registry.dci.partner import (
    ENROLLED,
    SCOPES,
    SENDERS,
    Partner,
    by_expression,
    by_number,
    by_predicates,
    compares,
    partner,
    question,
    registered_sender,
    sandbox,
)
from tests.registry.dci.test_search import aided, numbers
from tests.registry.families import BANTUL_DESA, card, registered
from tests.registry.sharing.partners import accesses, consented
from tests.world import Json, World

NIK = card(1)["members"][0]["nik"]
LITTLE = ["subject_token", "desa_code", "decile"]


async def test_only_the_agreed_fields_are_told_and_the_header_says_so(world: World) -> None:
    await registered(world, 1)
    spmis = await partner(world, fields=LITTLE)

    response = await spmis.send(spmis.searches(by_expression({"location": "33"})))

    body = response.json()
    [record] = body["message"]["search_response"][0]["data"]["reg_records"]
    assert record.keys() == {"@type", "group_identifier", "group_type", "place"}
    assert numbers([record], "SUBJECT_TOKEN")
    assert {"nik", "name", "group_size"} <= set(body["header"]["meta"]["withheld"])
    assert not {"decile", "desa_code"} & set(body["header"]["meta"]["withheld"])


async def test_numbers_are_masked_unless_agreed_in_full(world: World) -> None:
    await registered(world, 1)
    spmis = await partner(world, full=[])

    [record] = await spmis.records(by_number("NIK", NIK))

    assert numbers([record]) == [f"{card(1)['kk_number'][:4]}********0000"]
    assert NIK not in str(record)


@pytest.mark.parametrize(
    "item",
    [
        by_number("NIK", NIK),
        by_number("UIN", NIK),
        by_number("KK", card(1)["kk_number"]),
        by_number("HOUSEHOLD_ID", "00000000-0000-0000-0000-000000000000"),
        by_expression({"age": {"$gt": 1}}),
        by_expression({"group_size": 2}),
        by_expression({"programme": "pkh"}),
        by_expression({"status": "assisted"}),
        by_expression({"$not": {"$or": [{"decile": 1}, {"status": "assisted"}]}}),
        by_predicates({"expression1": compares("group_size", "ge", 1)}),
    ],
)
async def test_what_is_not_given_is_not_searched_by(world: World, item: Json) -> None:
    spmis = await partner(world, fields=LITTLE)

    assert await spmis.reason(item) == "rjct.filter.invalid"


async def test_what_is_not_given_is_not_sorted_by(world: World) -> None:
    spmis = await partner(world, fields=LITTLE)
    item = by_expression({"location": "33"}, sort=[{"attribute_name": "group_size"}])

    assert await spmis.reason(item) == "rjct.sort.invalid"


async def test_a_kabupaten_is_all_that_some_may_search_by(world: World) -> None:
    await registered(world, 1)
    spmis = await partner(world, fields=["kabupaten_code"])

    [record] = await spmis.records(by_expression({"location": "33.02"}))

    assert record["place"]["place_code"] == "33.02"
    assert await spmis.reason(by_expression({"location": "33.02.05"})) == "rjct.filter.invalid"


async def test_persons_are_not_searched_where_members_are_not_given(world: World) -> None:
    spmis = await partner(world, fields=LITTLE)
    item = by_expression({"location": "33"}, response_entity="Member")

    assert await spmis.reason(item) == "rjct.search_criteria.invalid"


async def test_families_outside_the_agreed_area_are_not_counted(world: World) -> None:
    await registered(world, 1, 2)
    await registered(world, 3, desa_code=BANTUL_DESA)
    spmis = await partner(world, regions=["34.02"])

    [result] = await spmis.finds(by_expression({"group_size": {"$gte": 1}}))

    assert result["pagination"]["total_count"] == 1
    assert await spmis.records(by_number("NIK", NIK)) == []


async def test_a_family_without_a_live_consent_is_not_found(world: World) -> None:
    first, _ = await registered(world, 1, 2)
    spmis = await partner(world, fields=LITTLE, needs_consent=True)
    everybody = by_expression({"location": "33"})
    before = await spmis.records(everybody)

    consent = await consented(world, first, fields_allowed=LITTLE)
    given = await spmis.records(everybody)
    body = {"withdrawn_on": "2026-01-01"}
    await world.registry.do(f"/v1/sharing-consents/{consent}/withdraw", body)

    assert (len(before), len(given)) == (0, 1)
    assert await spmis.records(everybody) == []


@pytest.mark.parametrize(
    "purpose", ["statistics", None], ids=["a purpose not agreed", "no purpose at all"]
)
async def test_without_a_covered_purpose_nothing_is_answered(
    world: World, purpose: str | None
) -> None:
    spmis = await partner(world)
    item = by_number("NIK", NIK)
    item["search_criteria"]["authorize"] = purpose and {"purpose": {"code": purpose}}

    response = await spmis.send(spmis.searches(item))

    assert response.status_code == 403
    assert response.json()["message"]["error"]["code"] == "err.request.forbidden"


@pytest.mark.parametrize("place", ["authorize", "consent", "meta", "sender"])
async def test_the_purpose_is_named_in_one_of_four_places(world: World, place: str) -> None:
    await registered(world, 1)
    spmis = await partner(world)
    item = by_number("NIK", NIK)
    authority = item["search_criteria"].pop("authorize")
    header: Json = {"meta": {"purpose": "empowerment"}} if place == "meta" else {}
    if place in ("authorize", "consent"):
        item["search_criteria"][place] = authority
    if place == "sender":
        [sender] = (await world.registry.read(SENDERS))["items"]
        await world.registry.patch(
            f"{SENDERS}/{sender['id']}",
            {"default_purpose": "empowerment"},
            headers={"If-Match": "*"},
        )

    [result] = await spmis.finds(item, **header)

    assert len(result["data"]["reg_records"]) == 1


async def test_without_an_agreement_nothing_is_answered(world: World) -> None:
    await registered_sender(world, sender_id="sandbox", sandbox=True, signature_policy="optional")
    system = Partner(world, sender_id="sandbox")
    system.signs = False

    response = await system.send(system.searches(by_number("NIK", NIK)))

    assert response.status_code == 403


async def test_searching_many_is_for_those_whose_agreement_says_so(world: World) -> None:
    await registered(world, 1)
    spmis = await partner(world, bulk=False)

    many = await spmis.send(spmis.searches(by_expression({"location": "33"})))

    assert many.status_code == 403
    assert len(await spmis.records(by_number("NIK", NIK))) == 1


async def test_searching_many_is_for_senders_that_may(world: World) -> None:
    spmis = await partner(world)
    [sender] = (await world.registry.read(SENDERS))["items"]
    path = f"{SENDERS}/{sender['id']}"
    await world.registry.patch(path, {"bulk": False}, headers={"If-Match": "*"})

    many = await spmis.send(spmis.searches(by_expression({"location": "33"})))

    assert many.status_code == 403


async def test_a_sandbox_finds_invented_families_only(world: World) -> None:
    invented, real = card(1), card(2)
    for family in (invented, {**real, "kk_number": f"{real['kk_number'][:12]}0001"}):
        await world.registry.do("/v1/households", family)
    system = await sandbox(world)

    mine = await system.records(by_number("NIK", NIK))
    others = await system.records(by_number("NIK", real["members"][0]["nik"]))

    assert (len(mine), len(others)) == (1, 0)


async def test_a_companys_system_finds_its_own_families_only(world: World) -> None:
    await registered(world, 1)
    buyer = person("ooa-system", organisation="ooa", kind="partner", scopes=SCOPES)
    await world.registry.do("/v1/households", card(2), as_=OOA)
    system = await partner(world, actor=buyer)

    found = await system.records(by_expression({"location": "33"}))

    assert numbers(found) == [card(2)["kk_number"]]


async def test_two_partners_know_a_family_by_different_tokens(world: World) -> None:
    await registered(world, 1)
    spmis = await partner(world)
    other = await partner(
        world, actor=person("bps-system", organisation="bps", scopes=SCOPES), fields=["nik"]
    )
    item = by_number("NIK", NIK)

    mine, theirs = await spmis.records(item), await other.records(item)

    [token], [another] = numbers(mine, "SUBJECT_TOKEN"), numbers(theirs, "SUBJECT_TOKEN")
    assert token != another
    assert await other.records(by_number("SUBJECT_TOKEN", token)) == []


async def test_the_registrys_own_ministry_needs_no_agreement(world: World) -> None:
    await registered(world, 1)
    await registered_sender(
        world,
        sender_id="siks-ng",
        actor=KEMENSOS,
        sandbox=True,
        signature_policy="optional",
    )
    own = Partner(world, sender_id="siks-ng", actor=KEMENSOS)
    own.signs = False

    [found] = await own.records(by_number("NIK", NIK))

    assert numbers([found], "HOUSEHOLD_ID")


async def test_an_enrolment_is_answered_with_yes_or_no_alone(world: World) -> None:
    family, _ = await registered(world, 1, 2)
    await aided(world, family)
    spmis = await partner(world, fields=["programmes"])

    [yes] = await spmis.is_enrolled(question("NIK", NIK))
    [no] = await spmis.is_enrolled(question("NIK", card(2)["members"][0]["nik"]))
    [unknown] = await spmis.is_enrolled(question("KK", "0" * 16))

    answered = {
        "reference_id",
        "timestamp",
        "status",
        "programme_identifier",
        "enrolled",
        "locale",
    }
    assert yes.keys() == answered
    assert (yes["enrolled"], no["enrolled"], unknown["enrolled"]) == (True, False, False)
    assert [access["fields"] for access in await accesses(world, family)] == [["programmes"]]


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (question("NIK", NIK, programme="circus"), "rjct.search_criteria.invalid"),
        (question("PASSPORT", NIK), "rjct.filter.invalid"),
        ({**question("NIK", NIK), "timestamp": 5}, "rjct.timestamp.invalid"),
        ({**question("NIK", NIK), "identifier": NIK}, "rjct.filter.invalid"),
    ],
)
async def test_a_wrong_question_is_rejected_by_its_reason(
    world: World, asked: Json, reason: str
) -> None:
    spmis = await partner(world, fields=["programmes"])

    [answer] = await spmis.is_enrolled(asked)

    assert answer["status_reason_code"] == reason
    assert "enrolled" not in answer


async def test_an_enrolment_is_not_told_where_programmes_are_not_given(world: World) -> None:
    spmis = await partner(world, fields=LITTLE)

    [answer] = await spmis.is_enrolled(question("NIK", NIK))

    assert answer["status_reason_code"] == "rjct.search_criteria.invalid"


async def test_each_question_after_an_enrolment_needs_a_purpose(world: World) -> None:
    spmis = await partner(world, fields=["programmes"])
    aimless = question("NIK", NIK)
    del aimless["authorize"]

    response = await spmis.send(spmis.questions(aimless), ENROLLED)

    assert response.status_code == 403
    assert response.json()["message"]["error"]["code"] == "err.request.forbidden"
