"""What the asynchronous addresses refuse: nothing malformed, forged or led astray is taken in."""

import dataclasses

import pytest

from kernel.auth import Actor
from services.registry.dci.exchanges import actions
from tests.people import KEMENKOPUKM
from tests.receiver import Receiver
from tests.registry.dci.listening import ACTIONS, Listening, deliveries, listening, wish, work
from tests.registry.dci.partner import SYSTEM, Key, by_number, keys_approved, registered_sender
from tests.registry.families import card
from tests.world import Json, World

ASYNC = [path for path in ACTIONS if "sync" not in path]
TXN: Json = {
    "reference_id": "ref-q",
    "txn_type": "search",
    "attribute_type": "transaction_id",
    "attribute_value": "txn-1",
}


def message_for(path: str) -> Json:
    """Return a message that an address takes."""
    now = wish()["timestamp"]
    parts: dict[str, Json] = {
        "search": {"search_request": [by_number("KK", card(1)["kk_number"])]},
        "subscribe": {"subscribe_request": [wish()]},
        "unsubscribe": {"timestamp": now, "subscription_codes": ["code"]},
        "txn-status": {"txnstatus_request": TXN},
    }
    return {"transaction_id": "txn-1", **parts[ACTIONS[path]]}


async def refusal(
    partner: Listening, path: str, message: Json, *, count: int = 1, **header: Json
) -> tuple[int, str]:
    """Return the status and the error code of a message that is not taken in."""
    response = await partner.tries(path, message, count=count, **header)
    told = response.json()["message"]
    assert told["ack_status"] == "ERR", told
    return response.status_code, str(told["error"]["code"])


@pytest.mark.parametrize("path", ASYNC)
async def test_every_address_takes_what_is_sound(world: World, path: str) -> None:
    async with Receiver() as receiver:
        spmis = await listening(world, receiver)
        await spmis.asks(path, message_for(path))
        await work(world)

        [told] = receiver.got
        await spmis.check_signatures()
    action = ACTIONS[path]
    answer = "txn-on-status" if action == "txn-status" else f"on-{action}"
    assert told.json["header"]["action"] == answer


@pytest.mark.parametrize("path", ACTIONS)
@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'"x"', b'{"header": 1, "message": []}', b"\xff\xfe", b"[" * 9000],
)
async def test_what_cannot_be_read_is_a_bad_request(world: World, path: str, body: bytes) -> None:
    response = await world.registry.post(path, as_=EVERYTHING, content=body)

    assert response.status_code == 400
    assert response.json()["message"]["error"]["code"] == "err.request.bad"


@pytest.mark.parametrize("path", ACTIONS)
async def test_what_is_malformed_is_refused_on_every_address(world: World, path: str) -> None:
    sound = message_for(path)
    [name] = sound.keys() - {"transaction_id", "timestamp"}
    async with Receiver() as receiver:
        spmis = await listening(world, receiver)
        refusals = [
            await refusal(spmis, path, {name: sound[name]}),
            await refusal(spmis, path, {**sound, "transaction_id": "x" * 100}),
            await refusal(spmis, path, {**sound, "transaction_id": 7}),
            await refusal(spmis, path, {**sound, name: None}),
            await refusal(spmis, path, {**sound, name: "x"}),
            await refusal(spmis, path, {**sound, name: []}),
            await refusal(spmis, path, {}),
        ]
        await work(world)

    assert set(refusals) == {(400, "err.request.bad")}
    assert receiver.got == []


@pytest.mark.parametrize("path", ["/registry/search", "/registry/subscribe"])
async def test_the_count_must_be_right(world: World, path: str) -> None:
    async with Receiver() as receiver:
        spmis = await listening(world, receiver)
        response = await spmis.tries(path, message_for(path), count=2)

    assert response.json()["header"]["status_reason_code"] == "rjct.total_count.invalid"


@pytest.mark.parametrize("path", ACTIONS)
async def test_a_sender_that_must_sign_and_does_not_is_refused(world: World, path: str) -> None:
    async with Receiver() as receiver:
        spmis = await listening(world, receiver)
        spmis.signs = False
        unsigned = await refusal(spmis, path, message_for(path))
        spmis.signs, spmis.key = True, Key("key-1")
        forged = await refusal(spmis, path, message_for(path))

    assert unsigned == (400, "err.signature.missing")
    assert forged == (400, "err.signature.invalid")


@pytest.mark.parametrize("path", ACTIONS)
async def test_nobody_sends_as_another(world: World, path: str) -> None:
    async with Receiver() as receiver:
        spmis = await listening(world, receiver)
        spmis.actor = dataclasses.replace(KEMENKOPUKM, scopes=EVERYTHING.scopes)
        told = await refusal(spmis, path, message_for(path))

    assert told == (400, "err.sender_id.invalid")


@pytest.mark.parametrize("path", ACTIONS)
async def test_a_scope_is_needed(world: World, path: str) -> None:
    async with Receiver() as receiver:
        spmis = await listening(world, receiver)
        spmis.actor = dataclasses.replace(SYSTEM, scopes=frozenset({"registry.dci:enrolled"}))
        told = await refusal(spmis, path, message_for(path))

    assert told == (403, "err.request.forbidden")


@pytest.mark.parametrize("path", ASYNC)
@pytest.mark.parametrize(
    "uri",
    [
        "https://evil.example/registry/on-search",
        "https://partner.example.evil.example/",
        "https://partner.example@evil.example/",
        "https://partner.example:8443/",
        "http://partner.example/",
        "https://169.254.169.254/latest/meta-data",
        "https://partner.example/\r\nHost: evil",
        "https://partner.example/#x",
        "//partner.example/",
        "x",
        "",
    ],
)
async def test_answers_go_to_the_registered_address_alone(
    world: World, path: str, uri: str
) -> None:
    async with Receiver() as receiver:
        spmis = await listening(world, receiver)
        sender = await registered_sender(
            world, sender_id="real", callback_uri="https://partner.example", actor=spmis.actor
        )
        spmis.sender_id, spmis.key = "real", await key_of(world, sender)
        told = await refusal(spmis, path, message_for(path), sender_uri=uri)

    assert told == (400, "err.sender_uri.invalid")


@pytest.mark.parametrize("callback", ["https://127.0.0.1", "https://10.0.0.1", "https://[::1]"])
async def test_a_real_sender_is_not_called_inside_our_networks(world: World, callback: str) -> None:
    async with Receiver() as receiver:
        spmis = await listening(world, receiver)
        sender = await registered_sender(
            world, sender_id="real", callback_uri=callback, actor=spmis.actor
        )
        spmis.sender_id, spmis.key = "real", await key_of(world, sender)
        spmis.sender_uri = None
        await spmis.asks("/registry/search", message_for("/registry/search"))
        await work(world)

    [delivery] = await deliveries(world)
    assert (delivery["state"], delivery["last_error"]) == ("waiting", "address")


async def test_a_sender_without_an_address_cannot_be_answered(world: World) -> None:
    async with Receiver() as receiver:
        spmis = await listening(world, receiver)
        sender = await registered_sender(world, sender_id="real", actor=spmis.actor)
        spmis.sender_id, spmis.key = "real", await key_of(world, sender)
        spmis.sender_uri = None
        told = await refusal(spmis, "/registry/search", message_for("/registry/search"))

    assert told == (400, "err.sender_uri.invalid")


async def test_a_sender_that_has_too_much_waiting_is_told_to_wait(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST_WAITING", 1)
    path = "/registry/search"
    async with Receiver() as receiver:
        spmis = await listening(world, receiver)
        await spmis.asks(path, message_for(path))
        too_much = await refusal(spmis, path, message_for(path))
        await work(world)
        await spmis.asks(path, message_for(path))

    assert too_much == (429, "err.request.too_many_requests")


async def key_of(world: World, sender: str) -> Key:
    """Let a new key of a sender hold, and return it."""
    key = Key("key-2")
    await keys_approved(world, sender, key)
    return key


EVERYTHING: Actor = dataclasses.replace(SYSTEM, scopes=SYSTEM.scopes | {"registry.dci:subscribe"})
