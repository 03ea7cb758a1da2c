"""Messages by the DCI standard: what is refused, how it is told, and that nothing breaks us."""

import asyncio
import copy
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel import clock
from tests.people import OOA
from tests.registry.dci.partner import (
    SEARCH,
    SENDERS,
    Partner,
    by_expression,
    by_number,
    later,
    partner,
    registered_sender,
    sandbox,
    search,
)
from tests.registry.families import card, everything_stored, registered
from tests.world import Json, World

NIK = card(1)["members"][0]["nik"]
FINE = by_number("NIK", NIK)


async def refused(partner: Partner, envelope: Json) -> tuple[int, str, str | None]:
    """Return the status, the error code, and the header's reason if it is at fault."""
    response = await partner.send(envelope)
    body = response.json()
    assert body["message"]["ack_status"] == "ERR"
    assert body["message"]["correlation_id"]
    reason = body.get("header", {}).get("status_reason_code")
    return response.status_code, body["message"]["error"]["code"], reason


@pytest.mark.parametrize(
    ("changed", "code", "reason"),
    [
        ({"version": "2.0.0"}, "err.version.not_supported", "rjct.version.invalid"),
        ({"version": 1}, "err.version.not_supported", "rjct.version.invalid"),
        ({"message_ts": "yesterday"}, "err.request.bad", "rjct.message_ts.invalid"),
        ({"message_ts": "2026-01-01T00:00:00"}, "err.request.bad", "rjct.message_ts.invalid"),
        ({"message_ts": 1767225600}, "err.request.bad", "rjct.message_ts.invalid"),
        ({"message_ts": "2001-01-01T00:00:00Z"}, "err.request.bad", "rjct.message_ts.invalid"),
        ({"action": "subscribe"}, "err.request.bad", "rjct.action.invalid"),
        ({"action": 7}, "err.request.bad", "rjct.action.invalid"),
        ({"action": "sing"}, "err.request.bad", "rjct.action.not_supported"),
        ({"total_count": 2}, "err.request.bad", "rjct.total_count.invalid"),
        ({"total_count": "1"}, "err.request.bad", "rjct.total_count.invalid"),
        ({"total_count": -1}, "err.request.bad", "rjct.total_count.invalid"),
        ({"total_count": 101}, "err.request.bad", "rjct.total_count.limit_exceeded"),
        ({"message_id": ""}, "err.request.bad", None),
        ({"sender_id": "somebody.else"}, "err.sender_id.invalid", None),
        ({"receiver_id": "another.registry"}, "err.receiver_id.invalid", None),
        ({"is_msg_encrypted": True}, "err.encryption.invalid", None),
    ],
)
async def test_a_wrong_header_is_refused_by_its_reason(
    world: World, changed: Json, code: str, reason: str | None
) -> None:
    system = await sandbox(world)

    assert await refused(system, system.searches(FINE, **changed)) == (400, code, reason)


@pytest.mark.parametrize("missing", ["message_id", "message_ts", "action", "sender_id"])
async def test_a_header_without_what_it_must_have_is_refused(world: World, missing: str) -> None:
    system = await sandbox(world)
    envelope = system.searches(FINE)
    del envelope["header"][missing]

    assert await refused(system, envelope) == (400, "err.request.bad", None)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"header": {}, "message": {}}',
        b'{"header": [], "message": {}}',
        b'{"header": {}}',
        b'{"header": {}, "message": {}, "signature": 5}',
        b'{"header": {"message_id": "\\u0000"}, "message": {}}',
        b'{"header": {}, "message": ' + b'{"a":' * 500 + b"1" + b"}" * 500 + b"}",
        b"\xff\xfe",
        b'{"header": {}, "message": NaN}',
    ],
)
async def test_what_is_no_envelope_is_refused(world: World, body: bytes) -> None:
    system = await sandbox(world)

    response = await world.registry.call("POST", SEARCH, as_=system.actor, content=body)

    assert response.status_code == 400
    assert response.json()["message"]["error"]["code"] == "err.request.bad"


async def test_a_message_id_is_taken_once(world: World) -> None:
    system = await sandbox(world)
    envelope = system.searches(FINE)

    first = await system.send(envelope)
    again = await refused(system, envelope)

    assert first.status_code == 200
    assert again == (400, "err.request.bad", "rjct.message_id.duplicate")


async def test_a_refused_message_may_be_sent_again_with_its_id(world: World) -> None:
    system = await sandbox(world)
    envelope = system.searches(FINE)
    wrong = copy.deepcopy(envelope)
    wrong["message"]["search_request"] = "none"

    await refused(system, wrong)

    assert (await system.send(envelope)).status_code == 200


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"reference_id": ""}, "rjct.reference_id.invalid"),
        ({"reference_id": 5}, "rjct.reference_id.invalid"),
        ({"timestamp": "now"}, "rjct.timestamp.invalid"),
        ({"search_criteria": None}, "rjct.search_criteria.invalid"),
        ({"locale": "EN"}, "rjct.search_criteria.invalid"),
    ],
)
async def test_a_wrong_search_is_rejected_by_its_reason(
    world: World, changed: Json, reason: str
) -> None:
    system = await sandbox(world)

    assert await system.reason({**FINE, **changed}) == reason


@pytest.mark.parametrize(
    ("criteria", "reason"),
    [
        ({"query_type": "graphql"}, "rjct.search_criteria.invalid"),
        ({"response_entity": "Village"}, "rjct.search_criteria.invalid"),
        ({"query": "all"}, "rjct.filter.invalid"),
        ({"query": {"type": "PASSPORT", "value": "1"}}, "rjct.filter.invalid"),
        ({"sort": "age"}, "rjct.sort.invalid"),
        ({"sort": [{"attribute_name": "kk_index"}]}, "rjct.sort.invalid"),
        ({"sort": [{"attribute_name": "status", "sort_order": "up"}]}, "rjct.sort.invalid"),
        ({"pagination": {"page_size": 0}}, "rjct.pagination.invalid"),
        ({"pagination": {"page_size": "ten"}}, "rjct.pagination.invalid"),
        ({"pagination": {"page_size": 10, "page_number": 0}}, "rjct.pagination.invalid"),
        ({"pagination": {"page_number": 1}}, "rjct.pagination.invalid"),
    ],
)
async def test_wrong_criteria_are_rejected_by_their_reason(
    world: World, criteria: Json, reason: str
) -> None:
    system = await sandbox(world)
    wrong = copy.deepcopy(FINE)
    wrong["search_criteria"].update(criteria)

    assert await system.reason(wrong) == reason


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"$where": "1 = 1"},
        {"kk_index": {"$eq": "x"}},
        {"age": {"$regex": ".*"}},
        {"age": {}},
        {"age": {"$lt": "old"}},
        {"age": {"$lt": "NaN"}},
        {"age": {"$lt": True}},
        {"age": {"$in": []}},
        {"status": {"$lt": "assisted"}},
        {"status": "'; DROP TABLE households; --"},
        {"location": "central_region"},
        {"$and": {}},
        {"$and": []},
        {"$or": [5]},
        {"$and": [{"age": 1}] * 51},
    ],
)
async def test_an_expression_outside_the_safe_subset_is_rejected(world: World, query: Json) -> None:
    spmis = await partner(world)

    assert await spmis.reason(by_expression(query)) == "rjct.filter.invalid"


async def test_one_wrong_search_does_not_stop_the_others(world: World) -> None:
    await registered(world, 1)
    system = await sandbox(world)
    second = {**by_number("NIK", NIK, reference_id="ref-2"), "timestamp": "now"}
    twice = by_number("NIK", NIK)

    results = await system.finds(FINE, second, twice)

    assert [result.get("status_reason_code") for result in results] == [
        None,
        "rjct.timestamp.invalid",
        "rjct.reference_id.duplicate",
    ]
    assert results[0]["pagination"]["total_count"] == 1


async def test_a_message_with_too_many_wrong_searches_is_refused_whole(world: World) -> None:
    system = await sandbox(world)
    wrong = [{**FINE, "reference_id": f"ref-{n}", "timestamp": "now"} for n in range(21)]

    assert await refused(system, system.searches(*wrong)) == (
        400,
        "err.request.bad",
        "rjct.errors.too_many",
    )


async def test_too_many_families_are_not_told_without_pages(world: World) -> None:
    await registered(world, *range(1, 102))
    spmis = await partner(world)
    everybody = by_expression({"location": "33"})
    paged = by_expression({"location": "33"}, pagination={"page_size": 1})

    assert await spmis.reason(everybody) == "rjct.search.too_many_records_found"
    assert len(await spmis.records(paged)) == 1


async def test_a_system_sends_for_its_own_organisation_only(world: World) -> None:
    spmis = await partner(world)
    stranger = Partner(world, sender_id=spmis.sender_id, key=spmis.key)
    stranger.actor = OOA

    assert (await refused(stranger, stranger.searches(FINE)))[1] == "err.sender_id.invalid"


async def test_a_suspended_system_is_not_heard(world: World) -> None:
    spmis = await partner(world)
    [sender] = (await world.registry.read(SENDERS))["items"]
    path, etag = f"{SENDERS}/{sender['id']}", f'"{sender["version"]}"'
    await world.registry.patch(path, {"suspended": True}, headers={"If-Match": etag})

    assert (await refused(spmis, spmis.searches(FINE)))[1] == "err.sender_id.invalid"


async def test_a_registered_client_alone_may_send(world: World) -> None:
    await registered_sender(world, client_id="another-client")
    known = Partner(world, sender_id="spmis.kemenperin")

    assert (await refused(known, known.searches(FINE)))[1] == "err.sender_id.invalid"


async def test_whoever_may_not_ask_is_told_in_the_standards_form(world: World) -> None:
    system = await sandbox(world)
    response = await world.registry.http.post(SEARCH, json=system.searches(FINE))

    assert response.status_code == 401
    assert response.json()["message"]["error"]["code"] == "err.request.unauthorized"


async def test_an_answer_that_names_people_is_not_kept(world: World) -> None:
    await registered(world, 1)
    spmis = await partner(world)

    response = await spmis.send(spmis.searches(FINE), key="one-key")

    assert NIK in response.text
    assert "Siti" in response.text
    stored = await everything_stored(world)
    assert NIK not in stored
    assert "Siti" not in stored
    assert NIK.encode().hex() not in stored
    assert b"Siti".hex() not in stored


async def test_a_refusal_speaks_the_callers_language_and_repeats_no_number(world: World) -> None:
    spmis = await partner(world)
    item = search("idtype-value", {"type": "NIK", "value": NIK})
    item["search_criteria"]["authorize"]["purpose"]["code"] = NIK

    answers = [
        await spmis.send(spmis.searches(item), headers={"Accept-Language": language})
        for language in ("id", "en")
    ]

    texts = [answer.json()["message"]["error"]["message"] for answer in answers]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert texts[0] != texts[1]
    assert NIK not in str(texts)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)
PLACES = [
    ("signature",),
    ("header",),
    ("message",),
    *(("header", name) for name in ("version", "message_ts", "action", "total_count", "meta")),
    ("header", "message_id"),
    ("header", "sender_uri"),
    ("message", "transaction_id"),
    ("message", "search_request"),
    ("message", "search_request", 0),
    *(("message", "search_request", 0, n) for n in ("reference_id", "timestamp", "locale")),
    ("message", "search_request", 0, "search_criteria"),
    *(
        ("message", "search_request", 0, "search_criteria", name)
        for name in ("query_type", "query", "sort", "pagination", "authorize", "response_entity")
    ),
    ("message", "search_request", 0, "search_criteria", "query", "value"),
    ("message", "search_request", 0, "search_criteria", "query", "value", "expression", "query"),
    ("message", "search_request", 0, "search_criteria", "pagination", "page_number"),
]


def mutated(envelope: Json, place: tuple[str | int, ...], value: Json) -> Json:
    """Return the envelope with something else in a place."""
    changed = copy.deepcopy(envelope)
    inner = changed
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    return changed


def test_no_message_breaks_us(world: World) -> None:
    loop = asyncio.get_event_loop_policy().get_event_loop()
    system = loop.run_until_complete(sandbox(world))
    good = by_expression({"age": {"$gte": 18}}, pagination={"page_size": 5})

    @settings(
        max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(place=st.sampled_from(PLACES), value=JSON_VALUES)
    def sent(place: tuple[str | int, ...], value: Json) -> None:
        envelope = mutated(system.searches(good), place, value)
        body = json.dumps(envelope).encode(errors="replace")
        response = loop.run_until_complete(
            world.registry.call("POST", SEARCH, as_=system.actor, content=body)
        )
        assert response.status_code in (200, 400, 403)
        assert response.headers["content-type"] == "application/json"
        assert "message" in response.json()

    sent()


async def test_a_message_of_yesterday_is_too_old(world: World) -> None:
    system = await sandbox(world)
    old, future = later(hours=-25), later(minutes=6)

    for moment in (old, future):
        envelope = system.searches(FINE, message_ts=moment.isoformat())
        assert (await refused(system, envelope))[2] == "rjct.message_ts.invalid"
    assert clock.now() < future
