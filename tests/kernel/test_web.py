"""What every endpoint of every service promises."""

import asyncio
from uuid import uuid4

import pytest

from kernel import outbox
from tests.kernel.conftest import READER, Toy


async def test_an_answer_leaves_after_the_commit_and_its_event_is_kept(baskets: Toy) -> None:
    woven = await baskets.weave(pieces=3)

    assert woven.status_code == 201
    assert woven.headers["location"] == f"/v1/baskets/{woven.json()['id']}"
    assert await baskets.count("basket") == 1
    assert await baskets.count("outbox") == 1


async def test_a_failing_commit_is_never_answered_with_success(baskets: Toy) -> None:
    basket = (await baskets.weave()).json()

    failed = await baskets.call("POST", f"/v1/baskets/{basket['id']}/fail")

    assert failed.status_code == 400
    assert failed.json()["code"] == "KER-0013"
    assert await baskets.count("outbox") == 1


async def test_a_key_sent_fifty_times_at_once_takes_effect_once(baskets: Toy) -> None:
    answers = await asyncio.gather(*(baskets.weave(Idempotency_Key="k1") for _ in range(50)))

    assert {a.status_code for a in answers} <= {201, 409}
    assert await baskets.count("basket") == 1
    assert await baskets.count("outbox") == 1


async def test_the_same_command_is_answered_again(baskets: Toy) -> None:
    first = await baskets.weave(Idempotency_Key='"k2"')

    again = await baskets.weave(Idempotency_Key="k2")

    assert again.status_code == 201
    assert again.json() == first.json()
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["idempotency-replayed"] == "true"


async def test_a_key_with_another_body_is_refused(baskets: Toy) -> None:
    await baskets.weave(pieces=1, Idempotency_Key="k3")

    other = await baskets.weave(pieces=2, Idempotency_Key="k3")

    assert (other.status_code, other.json()["code"]) == (422, "KER-0007")


async def test_a_refused_command_leaves_its_key_free(baskets: Toy) -> None:
    refused = await baskets.weave(label="\x00", Idempotency_Key="k4")

    corrected = await baskets.weave(label="mendong", Idempotency_Key="k4")

    assert (refused.status_code, refused.json()["code"]) == (400, "KER-0013")
    assert corrected.status_code == 201


async def test_a_required_key_is_asked_for(baskets: Toy) -> None:
    answer = await baskets.call("POST", "/v1/baskets/strict", json={"label": "a", "pieces": 1})

    assert (answer.status_code, answer.json()["code"]) == (400, "KER-0005")


async def test_of_a_hundred_changes_to_one_version_one_wins(baskets: Toy) -> None:
    basket = await baskets.weave()
    path, etag = basket.headers["location"], basket.headers["etag"]

    answers = await asyncio.gather(
        *(
            baskets.call(
                "PATCH", path, headers={"If-Match": etag}, json={"label": str(n), "pieces": n}
            )
            for n in range(100)
        )
    )

    assert sorted(a.status_code for a in answers) == [200] + [412] * 99
    assert next(a for a in answers if a.status_code == 200).headers["etag"] == '"2"'


async def test_a_change_names_the_version_it_changes(baskets: Toy) -> None:
    path = (await baskets.weave()).headers["location"]
    change = {"label": "b", "pieces": 2}

    unnamed = await baskets.call("PATCH", path, json=change)
    malformed = await baskets.call("PATCH", path, json=change, headers={"If-Match": "W/x"})

    assert (unnamed.status_code, unnamed.json()["code"]) == (428, "KER-0017")
    assert (malformed.status_code, malformed.json()["code"]) == (400, "KER-0018")


async def test_an_unchanged_thing_is_not_sent_again(baskets: Toy) -> None:
    basket = await baskets.weave()

    same = await baskets.call("GET", basket.headers["location"], headers={"If-None-Match": '"1"'})

    assert (same.status_code, same.content) == (304, b"")


async def test_pages_give_every_row_once_and_cursors_fit_their_list(baskets: Toy) -> None:
    for _ in range(7):
        await baskets.weave("a")
    await baskets.weave("b")

    seen, cursor = [], ""
    while True:
        page = (await baskets.call("GET", f"/v1/baskets?label=a&limit=3{cursor}")).json()
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    elsewhere = await baskets.call("GET", f"/v1/baskets?label=b{cursor}")
    forged = await baskets.call("GET", "/v1/baskets?cursor=" + "A" * 43)

    assert len(seen) == len(set(seen)) == 7
    assert elsewhere.json()["code"] == forged.json()["code"] == "KER-0004"


async def test_a_wrong_body_is_answered_place_by_place_in_both_languages(baskets: Toy) -> None:
    wrong = {"label": "a", "pieces": "many", "colour": "green"}

    indonesian = await baskets.call("POST", "/v1/baskets", json=wrong)
    english = await baskets.call(
        "POST", "/v1/baskets", json=wrong, headers={"Accept-Language": "en-GB, id;q=0.5"}
    )

    assert indonesian.status_code == 422
    assert indonesian.headers["content-type"] == "application/problem+json"
    assert {e["pointer"] for e in indonesian.json()["errors"]} == {"/pieces", "/colour"}
    assert indonesian.json()["title"] == "Isi permintaan tidak sah"
    assert english.json()["title"] == "Request not valid"


async def test_the_problem_names_what_it_is_about(baskets: Toy) -> None:
    unknown = uuid4()

    answer = await baskets.call("GET", f"/v1/baskets/{unknown}", headers={"Accept-Language": "en"})

    assert answer.status_code == 404
    assert answer.json()["detail"] == f"There is no basket {unknown}."
    assert answer.json()["request_id"] == answer.headers["x-request-id"]


async def test_only_a_vouched_identity_with_the_scope_gets_in(baskets: Toy) -> None:
    nobody = await baskets.http.get("/v1/baskets")
    reader = await baskets.call("POST", "/v1/baskets", as_=READER, json={"label": "a", "pieces": 1})

    assert (nobody.status_code, nobody.json()["code"]) == (401, "KER-0001")
    assert (reader.status_code, reader.json()["code"]) == (403, "KER-0002")


async def test_what_nobody_offers_is_said_politely(baskets: Toy) -> None:
    nowhere = await baskets.call("GET", "/v1/carpets")
    nohow = await baskets.call("DELETE", "/v1/baskets")

    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "KER-0010")
    assert (nohow.status_code, nohow.json()["code"]) == (405, "KER-0011")
    assert "allow" in nohow.headers


async def test_readiness_tells_whether_bulk_work_waits(
    baskets: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "LONG", 2)
    before = await baskets.http.get("/health/ready")

    await baskets.weave("eceng")
    await baskets.weave("pandan")
    after = await baskets.http.get("/health/ready")
    woven = await baskets.weave("mendong")

    assert (before.status_code, before.json()["bulk_work"]) == (200, "goes on")
    assert (after.status_code, after.json()["bulk_work"]) == (200, "waits")
    assert woven.status_code == 201
