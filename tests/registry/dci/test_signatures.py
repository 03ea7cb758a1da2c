"""Signatures of DCI messages: theirs are checked, ours can be checked by anybody."""

import base64
import copy
import hashlib
import re
from datetime import UTC, datetime

import httpx
import pytest
import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from joserfc.jwk import OKPKey

from kernel import clock
from services.registry.dci import signature
from tests.registry.dci.partner import (
    Key,
    Partner,
    by_number,
    keys_approved,
    later,
    partner,
    registered_sender,
    sandbox,
)
from tests.registry.families import card, registered
from tests.world import Json, World

FINE = by_number("NIK", card(1)["members"][0]["nik"])

# The vector of docs/indonesia-profile.md: whoever gets these bytes and this signature is right.
SEED = bytes(range(32))
VECTOR: Json = {
    "header": {
        "version": "1.0.0",
        "message_id": "123",
        "message_ts": "2026-01-01T08:00:00+07:00",
        "action": "search",
        "sender_id": "spmis.example.org",
        "total_count": 1,
    },
    "message": {
        "transaction_id": "0123456789",
        "search_request": [
            {
                "reference_id": "1",
                "timestamp": "2026-01-01T08:00:00+07:00",
                "search_criteria": {
                    "query_type": "idtype-value",
                    "query": {"type": "UIN", "value": "3302054107900000"},
                },
                "locale": "ind",
            }
        ],
    },
}
DIGEST = "viclkIUINi02B8sx3DQPz7baViHHh6AyO3irPdhSo7U="
CREATED = datetime(2026, 1, 1, 1, 0, tzinfo=UTC)
SIGNATURE = (
    'namespace="spdci", kidId="spmis.example.org|key-1|ed25519", algorithm="ed25519", '
    'created="1767229200", expires="1767229500", headers="(created) (expires) digest", '
    'signature="vDmz015Ejlv6oWs5Uq9/Bx7zC06koWk+B5gWYA0TlavTgplWhyVRznegzC3vvd7KUuFrae5WnVWdVONh'
    '3Z9aBQ=="'
)


def test_the_published_vector_holds() -> None:
    header, message = VECTOR["header"], VECTOR["message"]
    key = Key("key-1", seed=SEED)

    signed = signature.signing_string(header, message, created=1767229200, expires=1767229500)

    assert signed.decode().splitlines()[2] == f"digest: SHA-256={DIGEST}"
    assert key.sign(VECTOR, at=CREATED) == SIGNATURE
    keys: Json = {"keys": [key.jwk]}
    signature.verify(
        SIGNATURE, header, message, sender_id="spmis.example.org", keys=keys, at=CREATED
    )


async def told(spmis: Partner, given: str, envelope: Json) -> str:
    """Return the code that a message with a signature is refused with."""
    response = await spmis.send({"signature": given, **envelope})
    assert response.status_code == 400, response.text
    return str(response.json()["message"]["error"]["code"])


async def test_a_signed_message_is_heard(world: World) -> None:
    spmis = await partner(world)

    assert (await spmis.send(spmis.searches(FINE))).status_code == 200


async def test_a_real_sender_must_sign(world: World) -> None:
    spmis = await partner(world)
    spmis.signs = False

    response = await spmis.send(spmis.searches(FINE))

    assert response.json()["message"]["error"]["code"] == "err.signature.missing"


@pytest.mark.parametrize("mark", ["unsigned", "unsigned-stub"])
async def test_only_a_sandbox_may_say_that_it_does_not_sign(world: World, mark: str) -> None:
    system, spmis = await sandbox(world), await partner(world)

    heard = await system.send({"signature": mark, **system.searches(FINE)})

    assert heard.status_code == 200
    assert await told(spmis, mark, spmis.searches(FINE)) == "err.signature.invalid"


@pytest.mark.parametrize(
    "given", ["", "invalid-signature", "abc", "!@#$%^&*()", 'namespace="spdci"', "x" * 5000]
)
async def test_a_malformed_signature_is_refused_from_anyone(world: World, given: str) -> None:
    system = await sandbox(world)

    code = await told(system, given, system.searches(FINE))

    assert code == "err.signature.invalid"


@pytest.mark.parametrize(
    ("part", "other"),
    [
        ('namespace="spdci"', 'namespace="other"'),
        ('algorithm="ed25519"', 'algorithm="none"'),
        ('headers="(created) (expires) digest"', 'headers="digest"'),
        ("|ed25519", "|rsa"),
        ("|key-1|", "|key-2|"),
        ("spmis.kemenperin|", "spmis.other|"),
        ('created="', 'created="9'),
        (', expires="', ', extra="1", expires="'),
        ('created="', 'created="1", created="'),
        ('signature="', 'signature="AAAA'),
        ('signature="', 'signature="***'),
    ],
)
async def test_every_part_of_a_signature_counts(world: World, part: str, other: str) -> None:
    spmis = await partner(world)
    envelope = spmis.searches(FINE)
    good = spmis.key.sign(envelope, at=clock.now())
    assert part in good

    code = await told(spmis, good.replace(part, other, 1), envelope)

    assert code == "err.signature.invalid"


async def test_a_changed_message_does_not_fit_its_signature(world: World) -> None:
    spmis = await partner(world)
    signed = spmis.signed(spmis.searches(FINE))
    changed = copy.deepcopy(signed)
    changed["message"]["transaction_id"] = "txn-2"

    response = await spmis.send(changed)

    assert response.json()["message"]["error"]["code"] == "err.signature.invalid"
    assert (await spmis.send(signed)).status_code == 200


@pytest.mark.parametrize(
    ("hours", "lifetime"), [(-1, 60), (1, 60), (0, 25 * 3600), (0, 0), (0, -60)]
)
async def test_a_signature_holds_for_its_time(world: World, hours: int, lifetime: int) -> None:
    spmis = await partner(world)
    envelope = spmis.searches(FINE)

    made = spmis.key.sign(envelope, at=later(hours=hours), lifetime=lifetime)

    assert await told(spmis, made, envelope) == "err.signature.invalid"


async def test_keys_that_nobody_approved_sign_nothing(world: World) -> None:
    await registered_sender(world)
    spmis = Partner(world, sender_id="spmis.kemenperin")

    envelope = spmis.searches(FINE)
    code = await told(spmis, spmis.key.sign(envelope, at=clock.now()), envelope)

    assert code == "err.signature.invalid"


async def test_new_keys_take_the_place_of_the_old(world: World) -> None:
    spmis = await partner(world)
    old, spmis.key = spmis.key, Key("key-2")
    [sender] = (await world.registry.read("/v1/dci-senders"))["items"]

    await keys_approved(world, sender["id"], spmis.key)

    assert (await spmis.send(spmis.searches(FINE))).status_code == 200
    spmis.key = old
    assert (await spmis.send(spmis.searches(FINE))).status_code == 400


async def test_our_answers_hold_by_our_published_key(world: World) -> None:
    await registered(world, 1)
    spmis = await partner(world)
    response = await spmis.send(spmis.searches(FINE))
    published = await world.registry.read("/registry/.well-known/jwks.json")

    check(response, published)

    forged = response.json()
    forged["message"]["transaction_id"] = "txn-2"
    with pytest.raises(InvalidSignature):
        check(httpx.Response(200, json=forged), published)


async def test_our_refusals_of_a_header_are_signed_too(world: World) -> None:
    spmis = await partner(world)
    response = await spmis.send(spmis.searches(FINE, version="3"))

    check(response, await world.registry.read("/registry/.well-known/jwks.json"))

    assert response.json()["header"]["status"] == "rjct"


def check(response: httpx.Response, published: Json) -> None:
    """Verify a signature with the published key alone: no code of ours takes part."""
    body = response.json()
    parts = dict(re.findall(r'(\w+)="([^"]*)"', body["signature"]))
    sender, kid, algorithm = parts["kidId"].split("|")
    [jwk] = [key for key in published["keys"] if key["kid"] == kid]
    assert (sender, algorithm) == (body["header"]["sender_id"], "ed25519")
    assert OKPKey.import_key(jwk).thumbprint() == kid
    canonical = rfc8785.dumps({"header": body["header"], "message": body["message"]})
    digest = base64.b64encode(hashlib.sha256(canonical).digest()).decode()
    signed = (
        f"(created): {parts['created']}\n(expires): {parts['expires']}\ndigest: SHA-256={digest}"
    )
    key = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(jwk["x"] + "="))
    key.verify(base64.b64decode(parts["signature"]), signed.encode())
