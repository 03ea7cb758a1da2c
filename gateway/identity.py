"""Who calls: the bearer token is verified once and remembered until it expires."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwt import Claims

from gateway.keys import ALGORITHM, SigningKey
from gateway.problems import TokenMissing, TokenRefused

AUDIENCE = "anyam"
ACCESS_TOKEN_TYPE = "at+jwt"  # noqa: S105 - a media type (RFC 9068), not a password
TOKEN_LIMIT = 4096
REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Caller:
    """The client that a token speaks for; `token` tells its tokens apart."""

    token: bytes
    client_id: str
    subject: str
    organisation: str
    kind: str
    scope: str
    scopes: frozenset[str]
    regions: tuple[str, ...]
    expires: float


class Identity:
    """Verifies access tokens of one issuer (RFC 9068)."""

    def __init__(
        self, key: SigningKey, *, issuer: str, clock: Callable[[], float] = time.time
    ) -> None:
        self._key = key
        self._clock = clock
        self._known: dict[bytes, Caller] = {}
        self._claims = jwt.JWTClaimsRegistry(
            now=lambda: int(clock()),
            leeway=5,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": AUDIENCE},
            exp={"essential": True},
            sub={"essential": True},
            client_id={"essential": True},
        )

    def caller(self, authorization: bytes | None) -> Caller:
        """Return who calls.

        Raises:
            TokenMissing: there is no bearer token.
            TokenRefused: it is malformed, forged, expired or meant for someone else.
        """
        if authorization is None:
            raise TokenMissing
        known = self._known.get(authorization)
        if known is not None and known.expires > self._clock():
            return known
        return self._remembered(authorization)

    def _remembered(self, authorization: bytes) -> Caller:
        scheme, _, token = authorization.partition(b" ")
        if scheme.lower() != b"bearer":
            raise TokenMissing
        caller = self._verified(token.strip())
        if len(self._known) >= REMEMBERED:
            del self._known[next(iter(self._known))]
        self._known[authorization] = caller
        return caller

    def _verified(self, token: bytes) -> Caller:
        if len(token) > TOKEN_LIMIT:
            raise TokenRefused
        try:
            decoded = jwt.decode(token, self._key.key, algorithms=[ALGORITHM])
            self._claims.validate(decoded.claims)
        except (JoseError, ValueError, TypeError) as error:  # TypeError: a header of odd JSON
            raise TokenRefused from error
        if decoded.header.get("typ") != ACCESS_TOKEN_TYPE:
            raise TokenRefused
        return _caller(token, decoded.claims)


def _caller(token: bytes, claims: Claims) -> Caller:
    scope = str(claims.get("scope", ""))
    return Caller(
        token=token,
        client_id=str(claims["client_id"]),
        subject=str(claims["sub"]),
        organisation=str(claims.get("organisation", "")),
        kind=str(claims.get("organisation_kind", "")),
        scope=scope,
        scopes=frozenset(scope.split()),
        regions=tuple(
            cast(list[str], claims.get("regions", []))
        ),  # signed by ourselves as a list of str
        expires=float(claims["exp"]),
    )
