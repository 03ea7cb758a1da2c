"""The systems that may ask: registered by the ministry, their keys approved by a second person."""

import dataclasses

import pytest

from kernel.lifecycle import IllegalMove
from services.registry.dci.lifecycle import KeyChange, KeyChangeLifecycle
from tests.people import KEMENPERIN, KEMENSOS_CHECKER
from tests.registry.dci.partner import SENDERS, Key, registered_sender
from tests.world import Json, World


async def proposed(world: World, sender: str, *keys: Json) -> Json:
    """Propose keys, and return the change."""
    return await world.registry.do(f"{SENDERS}/{sender}/key-changes", {"keys": list(keys)})


async def test_a_sender_is_registered_once(world: World) -> None:
    sender = await registered_sender(world)

    again = await world.registry.post(
        SENDERS, {"sender_id": "spmis.kemenperin", "organisation": "kemenperin"}
    )

    shown = await world.registry.read(f"{SENDERS}/{sender}")
    assert shown["keys"] == {"keys": []}
    assert (again.status_code, again.json()["code"]) == (409, "REG-0902")


async def test_a_sender_that_does_not_exist_is_not_shown(world: World) -> None:
    response = await world.registry.get(f"{SENDERS}/00000000-0000-7000-8000-000000000000")

    assert (response.status_code, response.json()["code"]) == (404, "REG-0901")


async def test_keys_hold_once_a_second_person_approved_them(world: World) -> None:
    sender = await registered_sender(world)
    change = await proposed(world, sender, Key().jwk)
    path = f"{SENDERS}/{sender}/key-changes/{change['id']}/approve"

    alone = await world.registry.post(path)
    before = await world.registry.read(f"{SENDERS}/{sender}")
    approved = await world.registry.do(path, as_=KEMENSOS_CHECKER)
    after = await world.registry.read(f"{SENDERS}/{sender}")

    assert (alone.status_code, alone.json()["code"]) == (403, "REG-0905")
    assert approved["state"] == "approved"
    assert (len(before["keys"]["keys"]), len(after["keys"]["keys"])) == (0, 1)


async def test_rejected_keys_do_not_hold(world: World) -> None:
    sender = await registered_sender(world)
    change = await proposed(world, sender, Key().jwk)
    path = f"{SENDERS}/{sender}/key-changes/{change['id']}"

    await world.registry.do(f"{path}/reject", as_=KEMENSOS_CHECKER)
    late = await world.registry.post(f"{path}/approve", as_=KEMENSOS_CHECKER)

    assert late.status_code == 409
    assert (await world.registry.read(f"{SENDERS}/{sender}"))["keys"] == {"keys": []}
    changes = await world.registry.read(f"{SENDERS}/{sender}/key-changes")
    assert [each["state"] for each in changes["items"]] == ["rejected"]


async def test_a_change_of_keys_is_of_its_own_sender(world: World) -> None:
    sender = await registered_sender(world)
    other = await registered_sender(world, sender_id="spmis.other")
    change = await proposed(world, sender, Key().jwk)
    path = f"{SENDERS}/{other}/key-changes/{change['id']}/approve"

    response = await world.registry.post(path, as_=KEMENSOS_CHECKER)

    assert (response.status_code, response.json()["code"]) == (404, "REG-0906")


@pytest.mark.parametrize(
    "wrong",
    [
        {"kty": "EC", "crv": "P-256"},
        {"x": "AAAA"},
        {"x": "***"},
        {"crv": "X25519"},
    ],
)
async def test_only_ed25519_keys_are_taken(world: World, wrong: Json) -> None:
    sender = await registered_sender(world)
    body = {"keys": [{**Key().jwk, **wrong}]}

    response = await world.registry.post(f"{SENDERS}/{sender}/key-changes", body)

    assert (response.status_code, response.json()["code"]) == (400, "REG-0903")


async def test_two_keys_have_two_ids(world: World) -> None:
    sender = await registered_sender(world)
    body = {"keys": [Key("same").jwk, Key("same").jwk]}

    response = await world.registry.post(f"{SENDERS}/{sender}/key-changes", body)

    assert response.json()["code"] == "REG-0903"


async def test_a_private_key_is_refused_unread(world: World) -> None:
    sender = await registered_sender(world)
    body = {"keys": [{**Key().jwk, "d": "secret"}]}

    response = await world.registry.post(f"{SENDERS}/{sender}/key-changes", body)

    assert response.status_code == 422
    assert "secret" not in response.text


async def test_a_real_sender_cannot_be_let_off_signing(world: World) -> None:
    sender = await registered_sender(world)

    response = await world.registry.patch(
        f"{SENDERS}/{sender}", {"signature_policy": "optional"}, headers={"If-Match": "*"}
    )

    assert (response.status_code, response.json()["code"]) == (400, "REG-0904")


async def test_a_change_names_the_version_it_changes(world: World) -> None:
    sender = await registered_sender(world)
    path, first = f"{SENDERS}/{sender}", {"If-Match": '"1"'}

    changed = await world.registry.patch(path, {"suspended": True}, headers=first)
    stale = await world.registry.patch(path, {"suspended": False}, headers=first)

    assert changed.json()["suspended"] is True
    assert stale.status_code == 412


async def test_another_ministry_does_not_manage_senders(world: World) -> None:
    stranger = dataclasses.replace(
        KEMENPERIN, scopes=frozenset({"registry.senders:read", "registry.dci-senders:write"})
    )

    assert (await world.registry.get(SENDERS, as_=stranger)).status_code == 403


@pytest.mark.parametrize("state", list(KeyChange))
@pytest.mark.parametrize("verb", ["approve", "reject"])
def test_a_change_of_keys_is_decided_once(state: KeyChange, verb: str) -> None:
    move = getattr(KeyChangeLifecycle, verb)

    if state is KeyChange.PROPOSED:
        assert move(state) is KeyChange(f"{verb}ed".replace("approveed", "approved"))
        return
    with pytest.raises(IllegalMove):
        move(state)
