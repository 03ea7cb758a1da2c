"""Answers that come later: taken in at once, carried out by the worker, called back, signed."""

import pytest

from tests.receiver import Receiver
from tests.registry.dci.listening import Listening, listening, work
from tests.registry.dci.partner import by_number
from tests.registry.families import card, registered
from tests.registry.sharing.partners import accesses
from tests.world import Json, World


async def status_told(
    partner: Listening, kind: str, by: str, value: Json, *, sync: bool = False
) -> Json:
    """Ask what became of a transaction, and return the whole answer."""
    message = {
        "transaction_id": "txn-q",
        "txnstatus_request": {
            "reference_id": "ref-q",
            "txn_type": kind,
            "attribute_type": by,
            "attribute_value": value,
        },
    }
    if sync:
        return (await partner.tries("/registry/sync/txn/status", message)).json()
    await partner.asks("/registry/txn/status", message)
    await work(partner.world)
    return partner.got("txn-on-status")[-1]


async def test_a_search_is_answered_by_a_callback(world: World) -> None:
    [family] = await registered(world, 1)
    async with Receiver() as receiver:
        spmis = await listening(world, receiver)
        correlation_id = await spmis.searches_later(by_number("KK", card(1)["kk_number"]))

        before = len(receiver.got)
        await work(world)

        [told] = spmis.got("on-search")
        await spmis.check_signatures()
    assert before == 0
    assert receiver.got[0].path == "/dci"
    assert told["header"]["status"] == "succ"
    assert told["header"]["receiver_id"] == spmis.sender_id
    assert told["message"]["correlation_id"] == correlation_id
    assert told["message"]["transaction_id"] == "txn-1"
    [result] = told["message"]["search_response"]
    assert (result["reference_id"], result["status"]) == ("ref-1", "succ")
    assert result["data"]["reg_records"][0]["group_size"] == 2
    assert [each["action"] for each in await accesses(world, family)] == ["dci.search"]


async def test_a_message_sent_again_is_one_exchange(world: World) -> None:
    await registered(world, 1)
    async with Receiver() as receiver:
        spmis = await listening(world, receiver)
        items = [by_number("KK", card(1)["kk_number"])]
        message = {"transaction_id": "txn-1", "search_request": items}
        envelope = spmis.signed(
            spmis.envelope("search", message, count=1, sender_uri=spmis.sender_uri)
        )

        first = await spmis.send(envelope, "/registry/search")
        again = await spmis.send(envelope, "/registry/search")
        changed = {name: envelope[name] for name in ("header", "message")}
        changed["message"]["transaction_id"] = "txn-2"
        other = await spmis.send(changed, "/registry/search")
        await work(world)

    ids = [each.json()["message"]["correlation_id"] for each in (first, again)]
    assert ids[0] == ids[1]
    assert len(receiver.got) == 1
    assert other.status_code == 400
    assert other.json()["header"]["status_reason_code"] == "rjct.message_id.duplicate"


async def test_each_request_of_a_message_is_answered_on_its_own(world: World) -> None:
    await registered(world, 1)
    async with Receiver() as receiver:
        spmis = await listening(world, receiver)
        sound = by_number("KK", card(1)["kk_number"])
        broken = {**by_number("KK", "x"), "reference_id": "ref-2", "timestamp": "yesterday"}
        await spmis.searches_later(sound, broken)
        await work(world)

        [told] = spmis.got("on-search")
    found = {each["reference_id"]: each for each in told["message"]["search_response"]}
    assert found["ref-1"]["status"] == "succ"
    assert found["ref-2"]["status_reason_code"] == "rjct.timestamp.invalid"


async def test_without_a_sender_uri_the_registered_address_is_called(world: World) -> None:
    async with Receiver() as receiver:
        spmis = await listening(world, receiver)
        spmis.sender_uri = None
        await spmis.searches_later(by_number("KK", card(1)["kk_number"]))
        await work(world)

    assert receiver.got[0].path == "/registry/on-search"


async def test_an_agreement_that_ended_in_between_refuses(world: World) -> None:
    [family] = await registered(world, 1)
    async with Receiver() as receiver:
        spmis = await listening(world, receiver)
        await spmis.searches_later(by_number("KK", card(1)["kk_number"]))
        await world.registry.do(f"/v1/sharing-agreements/{spmis.agreement}/end")
        await work(world)

        [told] = spmis.got("on-search")
        status = await status_told(spmis, "search", "transaction_id", "txn-1", sync=True)
    assert told["header"]["status"] == "rjct"
    [result] = told["message"]["search_response"]
    assert (result["status"], "data" in result) == ("rjct", False)
    assert await accesses(world, family) == []
    txn = status["message"]["txnstatus_response"]["txn_status"]
    assert txn["search_response"][0]["status"] == "rjct"


@pytest.mark.parametrize("sync", [True, False])
@pytest.mark.parametrize("by", ["transaction_id", "correlation_id", "reference_id_list"])
async def test_a_transaction_can_be_asked_after(world: World, by: str, sync: bool) -> None:  # noqa: FBT001 - pytest gives it
    await registered(world, 1)
    async with Receiver() as receiver:
        spmis = await listening(world, receiver)
        asked = await spmis.searches_later(by_number("KK", card(1)["kk_number"]))
        value = {"transaction_id": "txn-1", "correlation_id": asked}.get(by, ["ref-1"])
        before = await status_told(spmis, "search", by, value, sync=True)
        await work(world)

        after = await status_told(spmis, "search", by, value, sync=sync)
        await spmis.check_signatures()
    states = [
        each["message"]["txnstatus_response"]["txn_status"]["search_response"][0]["status"]
        for each in (before, after)
    ]
    assert states == ["rcvd", "succ"]
    assert after["header"]["action"] == "txn-on-status"
    assert "reg_records" not in str(after)


async def test_nobody_learns_of_the_transactions_of_others(world: World) -> None:
    async with Receiver() as receiver:
        spmis = await listening(world, receiver)
        other = await listening(world, receiver, sender_id="spmis.other")
        asked = await spmis.searches_later(by_number("KK", card(1)["kk_number"]))
        await work(world)

        answer = await status_told(other, "search", "correlation_id", asked, sync=True)
        later = await status_told(other, "search", "correlation_id", asked)
    assert answer["message"]["error"]["code"] == "err.request.not_found"
    assert later["header"]["status"] == "rjct"
