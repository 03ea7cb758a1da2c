"""How a client proves who it is at the token endpoint: a secret, or a signed assertion."""

import base64
import binascii
import json
import time
from collections.abc import Callable, Mapping
from urllib.parse import unquote_plus

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import Claims

from gateway.clients import Client, Clients

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_ALGORITHMS = ["Ed25519", "EdDSA", "ES256", "PS256"]
ASSERTION_SECONDS = 60
# TypeError, RecursionError: JSON that is no object, or is nested without end.
NO_ASSERTION = (JoseError, ValueError, LookupError, TypeError, RecursionError)


class ClientUnknown(Exception):
    """The client did not prove who it is."""


class Authenticator:
    """Takes client_secret_basic (RFC 6749) and private_key_jwt (RFC 7523)."""

    def __init__(
        self, clients: Clients, *, issuer: str, clock: Callable[[], float] = time.time
    ) -> None:
        self._clients = clients
        self._clock = clock
        self._seen: dict[tuple[str, str], float] = {}
        audience = [issuer, f"{issuer}/oauth/token"]
        self._claims = jwt.JWTClaimsRegistry(
            now=lambda: int(clock()),
            aud={"essential": True, "values": audience},
            exp={"essential": True},
            jti={"essential": True, "allow_blank": False},
        )

    def client(self, authorization: str | None, form: Mapping[str, str]) -> Client:
        """Return the client that asks; ClientUnknown when it does not prove to be one."""
        if authorization is not None:
            return self._by_secret(authorization)
        if form.get("client_assertion_type") == ASSERTION_TYPE:
            return self._by_assertion(form.get("client_assertion", ""))
        raise ClientUnknown

    def _by_secret(self, authorization: str) -> Client:
        client_id, secret = _basic(authorization)
        client = self._clients.with_secret(client_id, secret)
        if client is None:
            raise ClientUnknown
        return client

    def _by_assertion(self, assertion: str) -> Client:
        try:
            client = self._clients.find(_claimed_subject(assertion))
            if client is None or client.jwks is None:
                raise ClientUnknown
            keys = KeySet.import_key_set({"keys": [*client.jwks["keys"]]})
            claims = jwt.decode(assertion, keys, algorithms=ASSERTION_ALGORITHMS).claims
            self._claims.validate(claims)
        except NO_ASSERTION as error:
            raise ClientUnknown from error
        self._use_once(client, claims)
        return client

    def _use_once(self, client: Client, claims: Claims) -> None:
        now = self._clock()
        self._seen = {use: until for use, until in self._seen.items() if until > now}
        use = (client.client_id, str(claims["jti"]))
        stale = claims["exp"] > now + ASSERTION_SECONDS or claims.get("iss") != client.client_id
        if stale or use in self._seen:
            raise ClientUnknown
        self._seen[use] = float(claims["exp"])


def _basic(authorization: str) -> tuple[str, str]:
    scheme, _, credentials = authorization.partition(" ")
    if scheme.lower() != "basic":
        raise ClientUnknown
    try:
        pair = base64.b64decode(credentials.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise ClientUnknown from error
    client_id, _, secret = pair.partition(":")
    return unquote_plus(client_id), unquote_plus(secret)


def _claimed_subject(assertion: str) -> str:
    payload = assertion.encode().split(b".")[1]
    claims: dict[str, object] = json.loads(base64.urlsafe_b64decode(payload + b"=="))
    return str(claims["sub"])
