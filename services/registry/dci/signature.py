"""The signature of a DCI message: Ed25519 over the digest of its canonical header and message.

The standard gives the form of the string and leaves the signed bytes open. Ours: three lines,
`(created): <seconds>`, `(expires): <seconds>`, `digest: SHA-256=<Base64>`, joined by a line feed;
the digest is of the RFC 8785 form of `{"header": ..., "message": ...}`.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from joserfc.jwk import OKPKey
from pydantic import JsonValue, SecretStr
from typing_extensions import TypedDict

NAMESPACE, ALGORITHM, SIGNED = "spdci", "ed25519", "(created) (expires) digest"
OUR_LIFETIME = timedelta(hours=1)
LONGEST_LIFETIME = timedelta(hours=24)
SKEW = timedelta(seconds=60)
LONGEST = 4096

PART = r'([A-Za-z]+)="([^"]*)"'
WHOLE = re.compile(rf"(?:Signature:)?\s*{PART}(?:\s*,\s*{PART})*\s*")
NAMES = ["algorithm", "created", "expires", "headers", "kidId", "namespace", "signature"]
SECONDS = re.compile(r"\d{1,11}", re.ASCII)

Body = Mapping[str, JsonValue]
"""A header or a message as it is sent: JSON, not a model."""


class PublicKey(TypedDict):
    """An Ed25519 key as a JSON Web Key."""

    kty: str
    crv: str
    x: str
    kid: str
    use: str
    alg: str


class KeySet(TypedDict):
    """A JSON Web Key Set."""

    keys: list[PublicKey]


class SignatureInvalid(Exception):
    """The signature is malformed, out of its time, of an unknown key, or of other bytes."""


@dataclass(frozen=True)
class Claimed:
    """What a signature says of itself."""

    sender_id: str
    key_id: str
    created: int
    expires: int
    signature: bytes


class SigningKey:
    """Our key; its id is the thumbprint (RFC 7638) of its public half."""

    def __init__(self, seed: SecretStr) -> None:
        raw = base64.b64decode(seed.get_secret_value())
        self._key = Ed25519PrivateKey.from_private_bytes(raw)
        self._x = _unpadded(self._key.public_key())
        self.key_id = OKPKey.import_key(self._key.public_key()).thumbprint()

    def public(self) -> PublicKey:
        """Return the public half, as a key set lists it."""
        return PublicKey(
            kty="OKP", crv="Ed25519", x=self._x, kid=self.key_id, use="sig", alg="Ed25519"
        )

    def sign(self, header: Body, message: Body, *, sender_id: str, at: datetime) -> str:
        """Return the signature string of a message that `sender_id` sends now."""
        created = int(at.timestamp())
        expires = created + int(OUR_LIFETIME.total_seconds())
        made = self._key.sign(signing_string(header, message, created=created, expires=expires))
        parts = {
            "namespace": NAMESPACE,
            "kidId": f"{sender_id}|{self.key_id}|{ALGORITHM}",
            "algorithm": ALGORITHM,
            "created": created,
            "expires": expires,
            "headers": SIGNED,
            "signature": base64.b64encode(made).decode(),
        }
        return ", ".join(f'{name}="{value}"' for name, value in parts.items())


def signing_string(header: Body, message: Body, *, created: int, expires: int) -> bytes:
    """Return the bytes that are signed."""
    canonical = rfc8785.dumps({"header": header, "message": message})
    digest = base64.b64encode(hashlib.sha256(canonical).digest()).decode()
    return f"(created): {created}\n(expires): {expires}\ndigest: SHA-256={digest}".encode()


def verify(
    signature: str, header: Body, message: Body, *, sender_id: str, keys: KeySet, at: datetime
) -> None:
    """Guard a message that says it is of `sender_id`.

    Raises:
        SignatureInvalid: it is not, or not any more.
    """
    claimed = _claimed(signature)
    if claimed.sender_id != sender_id or not _in_time(claimed, at=int(at.timestamp())):
        raise SignatureInvalid
    key = next((key for key in keys["keys"] if key["kid"] == claimed.key_id), None)
    if key is None:
        raise SignatureInvalid
    try:
        signed = signing_string(header, message, created=claimed.created, expires=claimed.expires)
        public_key(key).verify(claimed.signature, signed)
    except (InvalidSignature, rfc8785.CanonicalizationError) as error:
        raise SignatureInvalid from error


def public_key(key: PublicKey) -> Ed25519PublicKey:
    """Return the key of a JSON Web Key.

    Raises:
        ValueError: it is not an Ed25519 key.
    """
    if (key["kty"], key["crv"]) != ("OKP", "Ed25519"):
        raise ValueError("not an Ed25519 key")
    raw = base64.b64decode(key["x"] + "=", altchars=b"-_", validate=True)
    return Ed25519PublicKey.from_public_bytes(raw)


def _claimed(signature: str) -> Claimed:
    if len(signature) > LONGEST or not WHOLE.fullmatch(signature):
        raise SignatureInvalid
    found = re.findall(PART, signature)
    parts = dict(found)
    if sorted(name for name, _ in found) != NAMES:
        raise SignatureInvalid
    fixed = (parts["namespace"], parts["algorithm"], parts["headers"])
    who = parts["kidId"].split("|")
    times = (parts["created"], parts["expires"])
    if fixed != (NAMESPACE, ALGORITHM, SIGNED) or len(who) != 3 or who[2] != ALGORITHM:
        raise SignatureInvalid
    if not all(SECONDS.fullmatch(time) for time in times):
        raise SignatureInvalid
    created, expires = map(int, times)
    return Claimed(who[0], who[1], created, expires, _decoded(parts["signature"]))


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise SignatureInvalid from error


def _in_time(claimed: Claimed, *, at: int) -> bool:
    lifetime, skew = int(LONGEST_LIFETIME.total_seconds()), int(SKEW.total_seconds())
    begun = claimed.created <= at + skew
    return begun and at < claimed.expires and 0 < claimed.expires - claimed.created <= lifetime


def _unpadded(key: Ed25519PublicKey) -> str:
    return base64.urlsafe_b64encode(key.public_bytes_raw()).rstrip(b"=").decode()
