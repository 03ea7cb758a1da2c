"""A partner's system as it speaks the DCI standard: its key, its messages, its agreement."""

import base64
import copy
import dataclasses
import hashlib
from datetime import datetime, timedelta

import httpx
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kernel import clock
from kernel.auth import Actor
from kernel.ids import new_id
from tests.people import KEMENPERIN, KEMENSOS_CHECKER
from tests.registry.sharing.partners import agreed, grant
from tests.world import Json, World

SEARCH, ENROLLED = "/registry/sync/search", "/registry/sync/enrolled"
SENDERS = "/v1/dci-senders"
US = "social-registry.anyam"

SCOPES = frozenset({"registry.dci:search", "registry.dci:enrolled", "pii:read"})
SYSTEM = dataclasses.replace(KEMENPERIN, scopes=SCOPES)
"""Kemenperin's system; what it may see of a number is agreed, not a matter of its scopes."""

FIELDS = [
    "subject_token",
    "nik",
    "kk_number",
    "name",
    "sex",
    "birth_date",
    "relation",
    "desa_code",
    "decile",
    "status",
    "group_size",
    "members",
    "programmes",
    "registered_on",
    "last_updated",
]


class Key:
    """A signing key of a partner; it signs by the letter of the profile, without our code."""

    def __init__(self, kid: str = "key-1", *, seed: bytes | None = None) -> None:
        self.kid = kid
        self._key = Ed25519PrivateKey.from_private_bytes(seed or new_id().bytes * 2)

    @property
    def jwk(self) -> Json:
        """Return the public half."""
        x = base64.urlsafe_b64encode(self._key.public_key().public_bytes_raw()).rstrip(b"=")
        return {"kty": "OKP", "crv": "Ed25519", "x": x.decode(), "kid": self.kid}

    def sign(self, message: Json, *, at: datetime, lifetime: int = 300) -> str:
        """Return the signature string of an envelope."""
        created = int(at.timestamp())
        expires = created + lifetime
        parts = {"header": message["header"], "message": message["message"]}
        digest = base64.b64encode(hashlib.sha256(rfc8785.dumps(parts)).digest()).decode()
        signed = f"(created): {created}\n(expires): {expires}\ndigest: SHA-256={digest}"
        signature = base64.b64encode(self._key.sign(signed.encode())).decode()
        sender = message["header"]["sender_id"]
        return (
            f'namespace="spdci", kidId="{sender}|{self.kid}|ed25519", algorithm="ed25519", '
            f'created="{created}", expires="{expires}", headers="(created) (expires) digest", '
            f'signature="{signature}"'
        )


class Partner:
    """A registered system of an organisation."""

    def __init__(
        self, world: World, *, sender_id: str, actor: Actor = SYSTEM, key: Key | None = None
    ) -> None:
        self.world, self.sender_id, self.actor = world, sender_id, actor
        self.key = key or Key()
        self.signs = True

    def envelope(self, asks: str, message: Json, *, count: int, **header: Json) -> Json:
        """Return a message of now, not signed."""
        known = {
            "version": "1.0.0",
            "message_id": str(new_id()),
            "message_ts": clock.now().isoformat(),
            "action": asks,
            "sender_id": self.sender_id,
            "receiver_id": US,
            "total_count": count,
        }
        return {"header": {**known, **header}, "message": copy.deepcopy(message)}

    def searches(self, *items: Json, **header: Json) -> Json:
        """Return a search message."""
        message = {"transaction_id": "txn-1", "search_request": list(items)}
        return self.envelope("search", message, count=len(items), **header)

    def questions(self, *items: Json, **header: Json) -> Json:
        """Return a message that asks after enrolments."""
        message = {"transaction_id": "txn-1", "enrolled_request": list(items)}
        return self.envelope("enrolled", message, count=len(items), **header)

    def signed(self, envelope: Json) -> Json:
        """Return the envelope with the signature that fits it now."""
        return {"signature": self.key.sign(envelope, at=clock.now()), **envelope}

    async def send(
        self, envelope: Json, path: str = SEARCH, *, as_: Actor | None = None, **rest: Json
    ) -> httpx.Response:
        """Send a message, signed where this partner signs."""
        body = self.signed(envelope) if self.signs and "signature" not in envelope else envelope
        return await self.world.registry.post(path, body, as_=as_ or self.actor, **rest)

    async def finds(self, *items: Json, **header: Json) -> list[Json]:
        """Return what each search of a message found."""
        response = await self.send(self.searches(*items, **header))
        assert response.status_code == 200, response.text
        return list(response.json()["message"]["search_response"])

    async def records(self, item: Json) -> list[Json]:
        """Return the records of one search."""
        [result] = await self.finds(item)
        assert result["status"] == "succ", result
        return list(result["data"]["reg_records"])

    async def reason(self, item: Json) -> str:
        """Return why one search is rejected."""
        [result] = await self.finds(item)
        assert result["status"] == "rjct", result
        return str(result["status_reason_code"])

    async def is_enrolled(self, *items: Json) -> list[Json]:
        """Return the answers to questions after enrolments."""
        response = await self.send(self.questions(*items), ENROLLED)
        assert response.status_code == 200, response.text
        return list(response.json()["message"]["enrolled_response"])


async def registered_sender(
    world: World, *, sender_id: str = "spmis.kemenperin", actor: Actor = SYSTEM, **told: Json
) -> str:
    """Register a system, and return its id."""
    body = {"sender_id": sender_id, "organisation": actor.organisation, "bulk": True, **told}
    return str((await world.registry.do(SENDERS, body))["id"])


async def keys_approved(world: World, sender: str, *keys: Key) -> None:
    """Propose keys, and let a second person approve them."""
    body = {"keys": [key.jwk for key in keys]}
    change = await world.registry.do(f"{SENDERS}/{sender}/key-changes", body)
    path = f"{SENDERS}/{sender}/key-changes/{change['id']}/approve"
    await world.registry.do(path, as_=KEMENSOS_CHECKER)


async def partner(
    world: World, *, fields: list[str] | None = None, actor: Actor = SYSTEM, **grants: Json
) -> Partner:
    """Return a system that signs, under an agreement for empowerment."""
    sender_id = f"spmis.{actor.organisation}"
    known = Partner(world, sender_id=sender_id, actor=actor)
    sender = await registered_sender(world, sender_id=sender_id, actor=actor)
    await keys_approved(world, sender, known.key)
    agreed_fields = fields or FIELDS
    full = [number for number in ("nik", "kk_number") if number in agreed_fields]
    given = grant(**{"fields": agreed_fields, "full": full, **grants})
    await agreed(world, given, party=actor.organisation, number=f"MOU-{sender_id}")
    return known


async def sandbox(world: World, *, fields: list[str] | None = None) -> Partner:
    """Return a system that need not sign, under an agreement for empowerment."""
    await registered_sender(
        world,
        sender_id="sandbox",
        sandbox=True,
        signature_policy="optional",
        default_purpose="empowerment",
    )
    await agreed(world, grant(fields=fields or FIELDS), number="MOU-sandbox")
    known = Partner(world, sender_id="sandbox")
    known.signs = False
    return known


def search(query_type: str, query: Json, *, reference_id: str = "ref-1", **criteria: Json) -> Json:
    """Return one search for the purpose of empowerment."""
    told = {
        "query_type": query_type,
        "query": query,
        "authorize": {"purpose": {"code": "empowerment"}},
    }
    return {
        "reference_id": reference_id,
        "timestamp": clock.now().isoformat(),
        "search_criteria": {**told, **criteria},
    }


def by_number(kind: str, value: str, **rest: Json) -> Json:
    """Return a search by identifier."""
    return search("idtype-value", {"type": kind, "value": value}, **rest)


def by_expression(query: Json, **rest: Json) -> Json:
    """Return a search by an expression."""
    inner = {"expression": {"collection": "Group", "query": query}}
    return search("expression", {"type": "ns:org:QueryType:NoSql", "value": inner}, **rest)


def compares(name: str, operator: str, value: Json) -> Json:
    """Return one expression of a predicate."""
    return {"attribute_name": name, "operator": operator, "attribute_value": value}


def by_predicates(*predicates: Json, **rest: Json) -> Json:
    """Return a search by predicates."""
    return search("predicate", list(predicates), **rest)


def question(kind: str, value: str, *, programme: str = "pkh") -> Json:
    """Return one question after an enrolment."""
    return {
        "reference_id": "ref-1",
        "timestamp": clock.now().isoformat(),
        "identifier": {"identifier_type": kind, "identifier_value": value},
        "programme_identifier": programme,
        "authorize": {"purpose": {"code": "empowerment"}},
    }


def later(**given: int) -> datetime:
    """Return a moment after now."""
    return clock.now() + timedelta(**given)
