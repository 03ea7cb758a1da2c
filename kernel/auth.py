"""Who acts: the identity that the gateway vouches for, and what it may do."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Annotated, Any

from fastapi import Request, Security
from fastapi.openapi.models import OAuthFlowClientCredentials, OAuthFlows
from fastapi.security import OAuth2, SecurityScopes
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from kernel import clock
from kernel.problems import Forbidden, Problem, Status, Text

# Algorithm: Ed25519 (RFC 9864), the fully specified name of what was called EdDSA.
INTERNAL_TOKEN_TYPE = "internal+jwt"  # noqa: S105  # a media type, not a password
LEEWAY_SECONDS = 5


class Unauthenticated(Problem):
    """No internal token, or one that does not hold."""

    status = Status.UNAUTHORIZED
    code = "KER-0001"
    title = Text(id="Identitas tidak dikenal", en="Identity not established")
    detail = Text(
        id="Panggil lewat gerbang dengan token yang sah.",
        en="Call through the gateway with a valid token.",
    )
    headers = MappingProxyType({"WWW-Authenticate": "Bearer"})


class ScopeMissing(Forbidden):
    """The caller's token lacks the scope of this route."""

    code = "KER-0002"
    title = Text(id="Tidak berwenang", en="Not allowed")
    detail = Text(id="Diperlukan cakupan '{scope}'.", en="The scope '{scope}' is required.")


@dataclass(frozen=True)
class Actor:
    """A person or machine that acts for an organisation.

    `regions` are code prefixes ("33.02"); none means the whole country. `subject` tells people
    apart: what needs two persons needs two subjects.
    """

    subject: str
    client_id: str
    organisation: str
    kind: str
    scopes: frozenset[str]
    regions: tuple[str, ...] = ()

    def sees_region(self, code: str) -> bool:
        """Tell whether a region code lies in the actor's area."""
        return not self.regions or any(code == r or code.startswith(f"{r}.") for r in self.regions)


class TokenVerifier:
    """Checks internal tokens for one service; of one that holds, only its end is checked again."""

    def __init__(self, jwks: str, *, service: str) -> None:
        self._keys = KeySet.import_key_set(json.loads(jwks))
        self._claims = jwt.JWTClaimsRegistry(
            now=_now,
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": "gateway"},
            aud={"essential": True, "value": service},
            exp={"essential": True},
            sub={"essential": True},
        )
        self._remembered = lru_cache(maxsize=4096)(self._checked)

    def actor(self, token: str) -> Actor:
        """Return who the token speaks for.

        Raises:
            Unauthenticated: the token is malformed, forged, expired, or for another service.
        """
        try:
            actor, expires_at = self._remembered(token)
        except (JoseError, ValueError, TypeError) as error:  # TypeError: a header of odd JSON
            raise Unauthenticated from error
        if expires_at <= _now() - LEEWAY_SECONDS:
            raise Unauthenticated
        return actor

    def _checked(self, token: str) -> tuple[Actor, float]:
        decoded = jwt.decode(token, self._keys, algorithms=["Ed25519"])
        if decoded.header.get("typ") != INTERNAL_TOKEN_TYPE:
            raise ValueError("not an internal token")
        self._claims.validate(decoded.claims)
        return _actor(decoded.claims), decoded.claims["exp"]


def _now() -> int:
    return int(clock.now().timestamp())


def _actor(claims: dict[str, Any]) -> Actor:
    return Actor(
        subject=claims["sub"],
        client_id=claims["client_id"],
        organisation=claims["organisation"],
        kind=claims["kind"],
        scopes=frozenset(claims["scope"].split()),
        regions=tuple(claims["regions"]),
    )


_scheme = OAuth2(
    flows=OAuthFlows(
        clientCredentials=OAuthFlowClientCredentials(tokenUrl="/oauth/token", scopes={})
    ),
    scheme_name="oauth2",
    auto_error=False,
)


async def _current_actor(
    request: Request,
    scopes: SecurityScopes,
    authorization: Annotated[str | None, Security(_scheme)],
) -> Actor:
    return authorised(request, authorization, scopes.scopes)


def authorised(request: Request, authorization: str | None, scopes: Iterable[str]) -> Actor:
    """Return who calls.

    Raises:
        Unauthenticated, ScopeMissing: nobody we know, or one who may not.
    """
    kind, _, token = (authorization or "").partition(" ")
    if kind.lower() != "bearer" or not token:
        raise Unauthenticated
    verifier: TokenVerifier = request.app.state.verifier
    actor = verifier.actor(token)
    for scope in scopes:
        if scope not in actor.scopes:
            raise ScopeMissing(scope=scope)
    return actor


def allow(scope: str) -> Any:
    """Return the dependency that lets an actor with `scope` in, for a signature's type.

    Raises:
        Unauthenticated, ScopeMissing: when the endpoint is called.
    """
    return Security(_current_actor, scopes=[scope])
