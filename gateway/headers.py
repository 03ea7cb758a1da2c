"""Which headers pass the gateway, in either direction, and how a request is framed."""

from collections.abc import Iterable
from functools import lru_cache

from gateway.problems import MalformedRequest

Headers = list[tuple[bytes, bytes]]

HOP_BY_HOP = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
        b"http2-settings",
    }
)
# Written anew by the gateway.
OUR_OWN = frozenset(
    {
        b"host",
        b"content-length",
        b"expect",
        b"authorization",
        b"x-request-id",
        b"traceparent",
        b"tracestate",
    }
)
# Names by which some server, proxy or framework would believe who calls, or what is asked.
_IDENTITY = frozenset(
    {
        "forwarded",
        "from",
        "x-real-ip",
        "true-client-ip",
        "cf-connecting-ip",
        "remote-user",
        "x-http-method",
        "x-http-method-override",
        "x-method-override",
    }
)
_IDENTITY_PREFIXES = (
    "x-anyam-",
    "x-auth",
    "x-user",
    "x-actor",
    "x-subject",
    "x-client",
    "x-organisation",
    "x-organization",
    "x-tenant",
    "x-role",
    "x-scope",
    "x-region",
    "x-internal",
    "x-forwarded",
    "x-remote",
    "x-original",
    "x-rewrite",
    "x-ssl",
    "ssl-client",
    "x-amzn-oidc",
    "x-goog-authenticated",
)
_ONCE = frozenset(
    {
        b"host",
        b"authorization",
        b"content-length",
        b"transfer-encoding",
        b"content-type",
        b"idempotency-key",
        b"x-request-id",
        b"traceparent",
        b"connection",
    }
)
# Said once, by the gateway.
_SAID_BY_US = frozenset({b"server", b"date", b"x-request-id", b"ratelimit", b"ratelimit-policy"})
_STAY = HOP_BY_HOP | _SAID_BY_US


def singles(headers: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """Return the headers that the gateway reads itself, each of which may come once.

    Raises:
        MalformedRequest: one of them is repeated ("Connection" is joined instead).
    """
    found: dict[bytes, bytes] = {}
    for name, value in headers:
        if name not in _ONCE:
            continue
        if name in found:
            value = _joined(name, found[name], value)
        found[name] = value
    return found


def _joined(name: bytes, first: bytes, second: bytes) -> bytes:
    if name != b"connection":
        raise MalformedRequest(reason=f"{name.decode('ascii')} repeated")
    return first + b"," + second


def body_length(found: dict[bytes, bytes]) -> int | None:
    """Return the announced bytes of the body; None: it comes in chunks.

    Raises:
        MalformedRequest: both lengths at once, or a coding other than "chunked".
    """
    coding, length = found.get(b"transfer-encoding"), found.get(b"content-length")
    if coding is None:
        return _number(length)
    if length is not None:
        raise MalformedRequest(reason="content-length and transfer-encoding")
    if coding.lower() != b"chunked":
        raise MalformedRequest(reason="transfer-encoding")
    return None


def _number(length: bytes | None) -> int:
    if length is None:
        return 0
    if not length.isdigit() or len(length) > 18:
        raise MalformedRequest(reason="content-length")
    return int(length)


def named_in(connection: bytes | None) -> frozenset[bytes]:
    """Return the header names that a `Connection` header makes hop-by-hop."""
    if connection is None:
        return frozenset()
    return frozenset(token.strip().lower() for token in connection.split(b","))


@lru_cache(maxsize=4096)
def enters(name: bytes) -> bool:
    """Tell whether a request header of this lower-case name is forwarded."""
    if name in HOP_BY_HOP or name in OUR_OWN:
        return False
    text = name.decode("latin-1")
    # CGI and WSGI servers read "_" and "-" as one letter, so no name with "_" enters.
    return "_" not in text and text not in _IDENTITY and not text.startswith(_IDENTITY_PREFIXES)


def leaving(headers: Headers, *, bodiless: bool) -> Headers:
    """Return the answer's headers without what belongs to the connection behind the gateway."""
    named = named_in(next((value for name, value in headers if name == b"connection"), None))
    stay = _STAY | named if named else _STAY
    kept = [header for header in headers if header[0] not in stay]
    return [header for header in kept if header[0] != b"content-length"] if bodiless else kept
