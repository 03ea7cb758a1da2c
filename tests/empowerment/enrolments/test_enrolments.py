"""A family on its way into a programme."""

import asyncio
from uuid import UUID, uuid4

from contracts.empowerment import EnrolmentActivated, EnrolmentCompleted
from kernel.auth import Actor
from services.empowerment.candidates.handlers import when
from tests.empowerment.ministry import MARCH, SUMBERAGUNG, Ministry
from tests.people import BANTUL_OFFICER, KEMENSOS, person

LONG_ENOUGH_SECONDS = 0.5
CLERK = person("clerk", organisation="kemensos", scopes=frozenset({"empowerment.enrolments:write"}))


async def test_a_poor_family_takes_part_and_the_world_is_told(ministry: Ministry) -> None:
    programme, siti = await ministry.programme(), await ministry.family(decile=2)

    answer = await ministry.propose(programme, siti)
    enrolment = answer.json()
    for verb in ("approve", "activate", "complete"):
        assert (await ministry.step(enrolment["id"], verb)).is_success

    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/v1/enrolments/{enrolment['id']}"
    assert enrolment["eligibility"] == [
        {"rule": "decile_at_most", "passed": True, "seen": 2, "wanted": 2}
    ]
    (activated,) = await ministry.world.published(EnrolmentActivated)
    assert (activated.household_id, activated.scheme) == (UUID(siti), "kampung_berdaya")
    assert len(await ministry.world.published(EnrolmentCompleted)) == 1


async def test_a_family_that_is_not_eligible_is_told_every_rule(ministry: Ministry) -> None:
    rules = [
        {"rule": "decile_at_most", "value": 2},
        {"rule": "status_in", "value": ["assisted", "returned"]},
        {"rule": "region_in", "value": ["34.02"]},
        {"rule": "adult_women_at_least", "value": 2},
    ]
    programme = await ministry.programme(eligibility=rules)
    family = await ministry.family(decile=5, adult_women=1)

    refused = await ministry.propose(programme, family)

    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (409, "EMP-0302")
    assert [(f["rule"], f["passed"], f["seen"]) for f in problem["eligibility"]] == [
        ("decile_at_most", False, 5),
        ("status_in", True, "assisted"),
        ("region_in", False, "33.02.05.2007"),
        ("adult_women_at_least", False, 1),
    ]


async def test_a_decile_that_is_not_known_does_not_pass(ministry: Ministry) -> None:
    programme, family = await ministry.programme(), await ministry.family(decile=None)

    problem = (await ministry.propose(programme, family)).json()

    assert problem["eligibility"] == [
        {"rule": "decile_at_most", "passed": False, "seen": None, "wanted": 2}
    ]


async def test_a_family_is_in_a_programme_once_but_may_come_again(ministry: Ministry) -> None:
    programme, siti = await ministry.programme(), await ministry.family()
    first = (await ministry.propose(programme, siti)).json()

    again = await ministry.propose(programme, siti)
    await ministry.step(first["id"], "reject")
    later = await ministry.propose(programme, siti)

    assert (again.status_code, again.json()["code"]) == (409, "EMP-0303")
    assert later.status_code == 201


async def test_a_batch_does_not_wait_for_news_of_its_families(ministry: Ministry) -> None:
    programme, families = await ministry.programme(), sorted(await ministry.families(2))
    first, last = (UUID(each) for each in families)
    consumer = ministry.world.empowerment.database.transaction()

    async with consumer as uow:
        await when.react(ministry.ranked(last, 2, cycle="2025Q2"), uow)
        batch = asyncio.create_task(ministry.proposed(programme, families))
        await asyncio.wait([batch], timeout=LONG_ENOUGH_SECONDS)
        await when.react(ministry.ranked(first, 2, cycle="2025Q2"), uow)

    assert len(await batch) == 2


async def test_a_family_proposed_many_times_at_once_is_proposed_once(ministry: Ministry) -> None:
    programme, siti = await ministry.programme(), await ministry.family()

    answers = await asyncio.gather(*(ministry.propose(programme, siti) for _ in range(8)))

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"EMP-0303"}


async def test_what_else_a_family_takes_part_in_is_shown(ministry: Ministry) -> None:
    siti = await ministry.family()
    village, coaching = await ministry.programme(), await ministry.programme("COACH-25")
    await ministry.propose(village, siti)

    second = (await ministry.propose(coaching, siti)).json()

    assert [other["programme_id"] for other in second["other_programmes"]] == [village["id"]]


async def test_quota_is_never_exceeded_however_many_ask_at_once(ministry: Ministry) -> None:
    programme = await ministry.programme(quota=7)
    enrolments = await ministry.proposed(programme, await ministry.families(30))

    answers = await asyncio.gather(*(ministry.step(each, "approve") for each in enrolments))

    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [409] * 23
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"EMP-0205"}
    shown = await ministry.http.read(f"/v1/programmes/{programme['id']}")
    assert shown["places_taken"] == 7


async def test_bulk_and_single_approvals_together_keep_the_quota(ministry: Ministry) -> None:
    programme = await ministry.programme(quota=10)
    enrolments = await ministry.proposed(programme, await ministry.families(24))

    await asyncio.gather(
        ministry.move(enrolments[:12], "approve", on_error="proceed"),
        *(ministry.step(each, "approve") for each in enrolments[12:18]),
        ministry.move(enrolments[18:], "approve", on_error="proceed"),
    )

    held = await ministry.http.read("/v1/enrolments?state=approved&limit=200")
    assert len(held["items"]) == 10


async def test_a_withdrawn_place_is_free_again(ministry: Ministry) -> None:
    programme = await ministry.programme(quota=1)
    first, second = await ministry.proposed(programme, await ministry.families(2))
    await ministry.step(first, "approve")

    full = await ministry.step(second, "approve")
    await ministry.step(first, "withdraw")
    free = await ministry.step(second, "approve")

    assert (full.status_code, free.status_code) == (409, 200)


async def test_withdrawing_a_proposal_frees_no_place(ministry: Ministry) -> None:
    programme = await ministry.programme(quota=1)
    first, second = await ministry.proposed(programme, await ministry.families(2))
    await ministry.step(first, "approve")

    await ministry.step(second, "withdraw")

    shown = await ministry.http.read(f"/v1/programmes/{programme['id']}")
    assert shown["places_taken"] == 1


async def test_a_step_is_not_dated_before_the_one_it_follows(ministry: Ministry) -> None:
    programme, siti = await ministry.programme(), await ministry.family()
    (enrolment,) = await ministry.proposed(programme, [siti])

    refused = await ministry.step(enrolment, "approve", on="2025-03-02")

    assert (refused.status_code, refused.json()["moved_on"]) == (409, MARCH)


async def test_a_batch_proceeds_past_refusals_and_tells_each(ministry: Ministry) -> None:
    programme = await ministry.programme()
    poor, rich = await ministry.family(decile=1), await ministry.family(decile=9)
    stranger = str(uuid4())
    items = [
        {"programme_id": programme["id"], "household_id": each, "proposed_on": MARCH}
        for each in (poor, rich, stranger, poor)
    ]

    answer = await ministry.http.post(
        "/v1/enrolments/batch", {"on_error": "proceed", "items": items}
    )

    assert answer.status_code == 207
    results = answer.json()["results"]
    assert [result["status"] for result in results] == [201, 409, 404, 409]
    assert [r["problem"]["code"] for r in results[1:]] == ["EMP-0302", "EMP-1101", "EMP-0303"]
    listed = await ministry.http.read(f"/v1/enrolments?programme_id={programme['id']}")
    assert [enrolment["id"] for enrolment in listed["items"]] == [results[0]["id"]]


async def test_a_batch_of_all_or_nothing_names_the_item_that_failed(ministry: Ministry) -> None:
    programme = await ministry.programme()
    poor, rich = await ministry.family(decile=1), await ministry.family(decile=9)
    items = [
        {"programme_id": programme["id"], "household_id": each, "proposed_on": MARCH}
        for each in (poor, rich)
    ]

    refused = await ministry.http.post(
        "/v1/enrolments/batch", {"on_error": "rollback", "items": items}
    )

    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (409, "/items/1")
    assert (await ministry.http.read("/v1/enrolments"))["items"] == []


async def test_moves_of_all_or_nothing_move_nothing(ministry: Ministry) -> None:
    programme = await ministry.programme(quota=1)
    enrolments = await ministry.proposed(programme, await ministry.families(2))
    body = {"move": "approve", "ids": enrolments, "on": MARCH, "on_error": "rollback"}

    refused = await ministry.http.post("/v1/enrolments/moves", body)

    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (409, "/ids/1")
    approved = await ministry.http.read("/v1/enrolments?state=approved")
    assert approved["items"] == []


async def test_a_clerk_may_not_decide_in_bulk(ministry: Ministry) -> None:
    programme = await ministry.programme()
    (enrolment,) = await ministry.proposed(programme, await ministry.families(1))
    body = {"move": "approve", "ids": [enrolment], "on": MARCH, "on_error": "proceed"}

    refused = await ministry.http.post("/v1/enrolments/moves", body, as_=CLERK)

    assert (refused.status_code, refused.json()["code"]) == (403, "KER-0002")


async def test_only_an_open_programme_takes_families(ministry: Ministry) -> None:
    programme, siti = await ministry.programme(), await ministry.family()
    await ministry.http.do(f"/v1/programmes/{programme['id']}/close")

    refused = await ministry.propose(programme, siti)

    assert (refused.status_code, refused.json()["code"]) == (409, "EMP-0203")


async def test_an_officer_sees_the_families_of_his_region_only(ministry: Ministry) -> None:
    programme = await ministry.programme()
    here, there = await ministry.family(desa_code=SUMBERAGUNG), await ministry.family()
    mine, other = await ministry.proposed(programme, [here, there])

    listed = await ministry.http.read("/v1/enrolments", as_=BANTUL_OFFICER)

    assert [each["id"] for each in listed["items"]] == [mine]
    assert await _status(ministry, other, as_=BANTUL_OFFICER) == 404
    assert await _status(ministry, other, as_=KEMENSOS) == 200
    assert (await ministry.step(other, "approve", as_=BANTUL_OFFICER)).status_code == 404


async def _status(ministry: Ministry, enrolment_id: str, *, as_: Actor) -> int:
    return (await ministry.http.get(f"/v1/enrolments/{enrolment_id}", as_=as_)).status_code
