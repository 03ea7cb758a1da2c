"""Agreements: drafted by one, approved by another, changed without rewriting what was agreed."""

from uuid import uuid4

import pytest

from tests.people import KEMENPERIN, KEMENSOS, KEMENSOS_CHECKER
from tests.registry.families import registered
from tests.registry.sharing.partners import (
    ORGANISER,
    TRAINER,
    agreed,
    approved,
    consented,
    drafted,
    grant,
    shared,
    terms,
)
from tests.world import Json, World

PATH = "/v1/sharing-agreements"


async def refusal(world: World, purpose: str = "empowerment") -> tuple[int, str]:
    """Return how Kemenperin is refused to read."""
    refused = await world.registry.get(
        "/v1/shared-households", as_=TRAINER, params={"purpose": purpose}
    )
    return refused.status_code, str(refused.json()["code"])


async def test_without_an_agreement_nothing_is_shared_and_the_answer_names_what_is_missing(
    world: World,
) -> None:
    await registered(world, 1)

    refused = await world.registry.get(
        "/v1/shared-households",
        as_=TRAINER,
        params={"purpose": "empowerment"},
        headers={"Accept-Language": "en"},
    )

    assert (refused.status_code, refused.json()["code"]) == (403, "REG-0801")
    assert "'kemenperin'" in refused.json()["detail"]


async def test_a_draft_shares_nothing(world: World) -> None:
    await drafted(world)

    assert await refusal(world) == (403, "REG-0801")


async def test_who_drafts_does_not_approve(world: World) -> None:
    agreement_id = await drafted(world)

    refused = await world.registry.post(
        f"{PATH}/{agreement_id}/approve", {"terms": 1}, as_=KEMENSOS
    )

    assert (refused.status_code, refused.json()["code"]) == (403, "REG-0807")


async def test_another_purpose_is_refused_naming_those_covered(world: World) -> None:
    await agreed(world)

    refused = await world.registry.get(
        "/v1/shared-households", as_=TRAINER, params={"purpose": "credit"}
    )

    assert (refused.status_code, refused.json()["code"]) == (403, "REG-0802")
    assert refused.json()["covered"] == "empowerment"


async def test_lists_are_refused_where_one_family_at_a_time_was_agreed(world: World) -> None:
    await agreed(world, grant(bulk=False))

    assert await refusal(world) == (403, "REG-0803")


@pytest.mark.parametrize(
    "told",
    [{"starts_on": "2098-01-01"}, {"ends_on": "2020-01-01"}, {"parties": ["kemensos", "bps"]}],
    ids=["not begun", "over", "not a party"],
)
async def test_outside_its_days_and_parties_an_agreement_gives_nothing(
    world: World, told: dict[str, Json]
) -> None:
    await agreed(world, **told)

    assert await refusal(world) == (403, "REG-0801")


@pytest.mark.parametrize("verb", ["suspend", "end"])
async def test_a_suspended_or_ended_agreement_gives_nothing_from_that_moment(
    world: World, verb: str
) -> None:
    agreement_id = await agreed(world)
    await registered(world, 1)
    before = await shared(world, TRAINER)

    await world.registry.do(f"{PATH}/{agreement_id}/{verb}")

    assert len(before) == 1
    assert await refusal(world) == (403, "REG-0801")


async def test_a_resumed_agreement_gives_again(world: World) -> None:
    agreement_id = await agreed(world)
    await registered(world, 1)
    await world.registry.do(f"{PATH}/{agreement_id}/suspend")

    await world.registry.do(f"{PATH}/{agreement_id}/resume")

    assert len(await shared(world, TRAINER)) == 1


async def test_new_terms_hold_only_once_approved_and_the_old_ones_stay_readable(
    world: World,
) -> None:
    agreement_id = await agreed(world)
    await registered(world, 1)
    less = terms(grant(fields=["desa_code"]))

    await world.registry.do(f"{PATH}/{agreement_id}/terms", less)
    proposed = await shared(world, TRAINER)
    await approved(world, agreement_id, 2)
    renewed = await shared(world, TRAINER)

    listed = (await world.registry.get(f"{PATH}/{agreement_id}/terms")).json()
    assert "members" in proposed[0]
    assert renewed[0].keys() == {"subject_token", "desa_code"}
    assert [each["number"] for each in listed] == [1, 2]
    assert "name" in listed[0]["grants"][0]["fields"]


async def test_only_the_terms_that_were_read_can_be_approved(world: World) -> None:
    agreement_id = await drafted(world)
    await world.registry.do(f"{PATH}/{agreement_id}/terms", terms())

    refused = await world.registry.post(
        f"{PATH}/{agreement_id}/approve", {"terms": 1}, as_=KEMENSOS_CHECKER
    )

    assert (refused.status_code, refused.json()["code"]) == (409, "REG-0808")


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (terms(grant(), grant()), "REG-0810"),
        (terms(grant(full=["kk_number"])), "REG-0810"),
        (terms(grant(full=["name"])), "REG-0810"),
        (terms(ends_on="2001-01-01"), "REG-0809"),
    ],
    ids=["a purpose twice", "full but not given", "not a masked field", "reversed"],
)
async def test_terms_that_contradict_themselves_are_refused(
    world: World, told: dict[str, Json], code: str
) -> None:
    refused = await world.registry.post(PATH, {"number": "MOU-9", **told})

    assert (refused.status_code, refused.json()["code"]) == (400, code)


async def test_an_agreements_number_is_given_once(world: World) -> None:
    await drafted(world)

    refused = await world.registry.post(PATH, {"number": "MOU-1", **terms()})

    assert (refused.status_code, refused.json()["code"]) == (409, "REG-0806")


async def test_a_party_sees_its_own_agreements_and_manages_none(world: World) -> None:
    ours = await drafted(world)
    theirs = await drafted(world, number="MOU-2", party="kemenkopukm")

    listed = await world.registry.read(PATH, as_=KEMENPERIN)
    hidden = await world.registry.get(f"{PATH}/{theirs}", as_=KEMENPERIN)
    refused = await world.registry.post(PATH, {"number": "X", **terms()}, as_=KEMENPERIN)

    assert [each["id"] for each in listed["items"]] == [ours]
    assert hidden.status_code == 404
    assert (refused.status_code, refused.json()["code"]) == (403, "REG-0811")


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "/v1/sharing-agreements/{id}", "REG-0805"),
        ("GET", "/v1/sharing-consents/{id}", "REG-0820"),
        ("GET", "/v1/erasures/{id}", "REG-0830"),
        ("POST", "/v1/legal-holds/{id}/lift", "REG-0833"),
        ("POST", "/v1/retention-rules/{id}/end", "REG-0834"),
        ("GET", "/v1/households/{id}/identity", "REG-0201"),
        ("GET", "/v1/households/{id}/accesses", "REG-0201"),
    ],
)
async def test_what_is_unknown_is_said_to_be(
    world: World, method: str, path: str, code: str
) -> None:
    body = {"valid_until": "2026-01-01"} if path.endswith("end") else None

    answer = await world.registry.call(
        method, path.format(id=uuid4()), params={"purpose": "audit"}, json=body
    )

    assert (answer.status_code, answer.json()["code"]) == (404, code)


async def test_a_consent_is_not_taken_back_before_it_was_given(world: World) -> None:
    [household_id] = await registered(world, 1)
    consent_id = await consented(world, household_id)

    refused = await world.registry.post(
        f"/v1/sharing-consents/{consent_id}/withdraw", {"withdrawn_on": "2025-01-01"}
    )

    assert (refused.status_code, refused.json()["code"]) == (400, "REG-0821")


async def test_an_agreement_with_one_ministry_gives_nothing_to_another(world: World) -> None:
    await agreed(world)

    refused = await world.registry.get(
        "/v1/shared-households", as_=ORGANISER, params={"purpose": "empowerment"}
    )

    assert refused.json()["code"] == "REG-0801"
