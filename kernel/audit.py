"""A hash chain that proves itself offline: what was changed, removed, moved, added, or cut off.

Each link's hash covers its number, the hash before it and its entry, as canonical JSON (RFC 8785).
Heads, signed and published elsewhere, pin the chain: without them a cut tail would not show, nor a
chain that was computed anew from some row on.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from enum import StrEnum
from typing import Any, NamedTuple

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

GENESIS = "0" * 64
HEAD_TYPE = "ledger-head+jws"
MEMBERS = {"number", "previous", "hash", "entry"}

Entry = Mapping[str, Any]


class Link(NamedTuple):
    """One row of a ledger as it is chained and exported."""

    number: int
    previous: str
    hash: str
    entry: Entry

    def line(self) -> str:
        """Return the row as one line of canonical JSON."""
        return rfc8785.dumps(self._asdict()).decode()


class Head(NamedTuple):
    """How far a ledger had come at a moment: the number and hash of its newest row."""

    ledger: str
    number: int
    hash: str
    signed_at: str


class Tampering(StrEnum):
    """What is wrong with a row, or with the head."""

    UNREADABLE = "unreadable"
    CHANGED = "changed"
    REMOVED = "removed"
    MOVED = "moved"
    ADDED = "added"
    REPLACED = "replaced"
    REWRITTEN = "rewritten"
    CUT = "cut"
    FORGED_HEAD = "forged_head"


class Finding(NamedTuple):
    """The first bad row; `until`, where only a stretch can be told in which it lies."""

    tampering: Tampering
    row: int
    until: int | None = None


class Tampered(Exception):
    """The ledger, or a head, is not what was written."""

    def __init__(self, tampering: Tampering, row: int, until: int | None = None) -> None:
        self.finding = Finding(tampering, row, until)
        super().__init__(f"row {row}: {tampering}")


def digest(number: int, previous: str, entry: Entry) -> str:
    """Return the hash of a row, in hexadecimal."""
    covered: Any = {"number": number, "previous": previous, "entry": entry}
    return hashlib.sha256(rfc8785.dumps(covered)).hexdigest()


def chained(entries: Iterable[Entry], *, after: tuple[int, str] = (0, GENESIS)) -> Iterator[Link]:
    """Yield the links of entries that follow on a number and its hash."""
    number, previous = after
    for number, entry in enumerate(entries, start=number + 1):  # noqa: B020 - begins where it was
        link = Link(number, previous, digest(number, previous, entry), entry)
        previous = link.hash
        yield link


class HeadSigner:
    """Signs heads with an Ed25519 key, as JSON Web Signatures that anybody can check."""

    def __init__(self, seed: bytes) -> None:
        self._key = _key_of(seed)

    def sign(self, head: Head) -> str:
        """Return the head as a compact JWS."""
        header = {"alg": "Ed25519", "typ": HEAD_TYPE, "kid": self._key.kid}
        payload = rfc8785.dumps(head._asdict())
        return jws.serialize_compact(header, payload, self._key, algorithms=["Ed25519"])

    def jwks(self) -> dict[str, Any]:
        """Return the public key, as a JSON Web Key Set."""
        return {"keys": [self._key.as_dict(private=False)]}


def read_heads(tokens: Iterable[str], *, jwks: Mapping[str, Any]) -> list[Head]:
    """Return what signed heads say, in their order in the chain.

    Raises:
        Tampered: one was not signed with these keys.
    """
    keys = KeySet.import_key_set(dict(jwks))  # type: ignore[arg-type]  # the shape of any JWKS
    return sorted((_head(token, keys) for token in tokens), key=lambda head: head.number)


def verify(lines: Iterable[str], *, heads: Sequence[Head], after: int = 0) -> int:
    """Check an exported ledger against the heads that were published; return its last number.

    An export that begins behind row `after` rests on the head that was signed there.

    Raises:
        Tampered: naming the first bad row.
        KeyError: no head was signed at `after`.
    """
    pinned = {0: GENESIS, **{head.number: head.hash for head in heads}}
    trusted, last, previous = after, after, pinned[after]
    links = _links(lines)
    for link in links:
        _require_next(link, last, previous, rest=links)
        last, previous = link.number, link.hash
        if pinned.get(last, link.hash) != link.hash:
            raise Tampered(Tampering.REWRITTEN, trusted + 1, last)
        trusted = last if last in pinned else trusted
    if last < max(pinned):
        raise Tampered(Tampering.CUT, last + 1, max(pinned))
    return last


def _require_next(link: Link, last: int, previous: str, *, rest: Iterator[Link]) -> None:
    if link.number > last + 1:
        raise Tampered(_gone_or_moved(last + 1, rest), last + 1)
    if link.number <= last:
        raise Tampered(Tampering.ADDED, link.number)
    if link.hash != digest(link.number, link.previous, link.entry):
        raise Tampered(Tampering.CHANGED, link.number)
    if link.previous != previous:  # the row itself is whole: it followed on another one
        raise Tampered(Tampering.REPLACED, max(last, 1))


def _gone_or_moved(number: int, rest: Iterator[Link]) -> Tampering:
    with suppress(Tampered):  # what else is wrong comes later than the row that is missed here
        if any(other.number == number for other in rest):
            return Tampering.MOVED
    return Tampering.REMOVED


def _links(lines: Iterable[str]) -> Iterator[Link]:
    for row, line in enumerate(lines, start=1):
        try:
            told = json.loads(line)
            if told.keys() != MEMBERS or type(told["number"]) is not int:
                raise ValueError("not a row of a ledger")
            rfc8785.dumps(told["entry"])
            yield Link(**told)
        except (ValueError, AttributeError) as error:
            raise Tampered(Tampering.UNREADABLE, row) from error


def _head(token: str, keys: KeySet) -> Head:
    try:
        signed = jws.deserialize_compact(token.strip(), keys, algorithms=["Ed25519"])
        if signed.headers().get("typ") != HEAD_TYPE:
            raise ValueError("not a head")
        return Head(**json.loads(signed.payload))
    except (JoseError, ValueError, TypeError) as error:
        raise Tampered(Tampering.FORGED_HEAD, 0) from error


def _key_of(seed: bytes) -> OKPKey:
    key = OKPKey.import_key(Ed25519PrivateKey.from_private_bytes(seed))
    key.ensure_kid()
    return key
