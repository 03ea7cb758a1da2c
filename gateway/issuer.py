"""The token endpoint (RFC 6749, client credentials) and what it publishes about itself."""

import os
import time
from collections.abc import Callable, Mapping

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from gateway.authentication import ASSERTION_ALGORITHMS, Authenticator, ClientUnknown
from gateway.clients import Client, Clients
from gateway.identity import ACCESS_TOKEN_TYPE, AUDIENCE
from gateway.keys import SigningKey
from gateway.limits import Buckets
from gateway.partner_keys import PartnerKeys
from gateway.settings import Settings

FORM = "application/x-www-form-urlencoded"
FAILURES_A_MINUTE = 30
FORM_LIMIT = 16 * 1024


class TokenError(Exception):
    """A request for a token that is refused, in the words of RFC 6749, section 5.2."""

    def __init__(self, error: str, description: str, *, status: int = 400) -> None:
        super().__init__(error)
        self.error = error
        self.description = description
        self.status = status

    def answer(self) -> JSONResponse:
        """Return the error document."""
        headers = {"Cache-Control": "no-store"}
        if self.status == 401:
            headers["WWW-Authenticate"] = 'Basic realm="anyam"'
        if self.status == 429:
            headers["Retry-After"] = "60"
        return JSONResponse(
            {"error": self.error, "error_description": self.description},
            status_code=self.status,
            headers=headers,
        )


class Issuer:
    """Gives access tokens (RFC 9068) to registered clients."""

    def __init__(
        self,
        clients: Clients,
        key: SigningKey,
        *,
        settings: Settings,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.key = key
        self.url = settings.gateway_issuer
        self._lifetime = settings.access_token_seconds
        self._clock = clock
        self._authenticator = Authenticator(clients, issuer=self.url, clock=clock)
        self._failures = Buckets(quota=FAILURES_A_MINUTE, window=60)

    def token(
        self, authorization: str | None, form: Mapping[str, str], *, peer: str
    ) -> dict[str, str | int]:
        """Return the token response for a form.

        Raises:
            TokenError: the client does not prove who it is, or asks for what it may not have.
        """
        client = self._known_client(authorization, form, peer)
        if form.get("grant_type") != "client_credentials":
            raise TokenError("unsupported_grant_type", "only client_credentials")
        scope = _granted(client, form.get("scope"))
        return {
            "access_token": self._signed(client, scope),
            "token_type": "Bearer",
            "expires_in": self._lifetime,
            "scope": scope,
        }

    def _known_client(
        self, authorization: str | None, form: Mapping[str, str], peer: str
    ) -> Client:
        try:
            return self._authenticator.client(authorization, form)
        except ClientUnknown as error:
            if not self._failures.take(peer).granted:
                raise TokenError(
                    "temporarily_unavailable", "too many failures", status=429
                ) from error
            raise TokenError(
                "invalid_client", "client authentication failed", status=401
            ) from error

    def _signed(self, client: Client, scope: str) -> str:
        now = int(self._clock())
        claims: dict[str, object] = {
            "iss": self.url,
            "aud": AUDIENCE,
            "sub": client.subject,
            "client_id": client.client_id,
            "iat": now,
            "exp": now + self._lifetime,
            "jti": os.urandom(16).hex(),
            "scope": scope,
            "organisation": client.organisation,
            "organisation_kind": client.kind,
            "regions": client.regions,
        }
        return self.key.sign(claims, token_type=ACCESS_TOKEN_TYPE)

    def metadata(self) -> dict[str, str | list[str]]:
        """Return the authorization server metadata (RFC 8414)."""
        return {
            "issuer": self.url,
            "token_endpoint": f"{self.url}/oauth/token",
            "jwks_uri": f"{self.url}/.well-known/jwks.json",
            "grant_types_supported": ["client_credentials"],
            "response_types_supported": [],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": ASSERTION_ALGORITHMS,
            "service_documentation": f"{self.url}/docs",
        }


def _granted(client: Client, requested: str | None) -> str:
    wanted = (requested or "").split() or client.scopes
    if not set(wanted) <= set(client.scopes):
        raise TokenError("invalid_scope", "the client may not have every scope that it asks for")
    return " ".join(dict.fromkeys(wanted))


async def _form(request: Request) -> dict[str, str]:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise TokenError("invalid_request", f"send {FORM}")
    if int(request.headers.get("content-length", FORM_LIMIT + 1)) > FORM_LIMIT:
        raise TokenError("invalid_request", "the form needs a content-length of at most 16 KiB")
    pairs = (await request.form()).multi_items()
    if len({name for name, _ in pairs}) != len(pairs):
        raise TokenError("invalid_request", "a parameter is repeated")
    return {name: value for name, value in pairs if isinstance(value, str)}


def router(issuer: Issuer) -> APIRouter:
    """Return the token endpoint."""
    routes = APIRouter(tags=["oauth"])

    @routes.post("/oauth/token")
    async def token(request: Request) -> Response:
        """Give a client an access token."""
        peer = request.client.host if request.client else ""
        try:
            form = await _form(request)
            granted = issuer.token(request.headers.get("authorization"), form, peer=peer)
        except TokenError as error:
            return error.answer()
        return JSONResponse(granted, headers={"Cache-Control": "no-store", "Pragma": "no-cache"})

    return routes


def published(issuer: Issuer, partner_keys: PartnerKeys) -> APIRouter:
    """Return what the issuer tells everyone: its keys, and what it can do.

    The key set is also that of the DCI standard, whose path is the same.
    """
    routes = APIRouter(tags=["oauth"])

    @routes.get("/.well-known/jwks.json")
    async def key_set() -> JSONResponse:
        """Return the public keys of access tokens, and of the registry's messages to partners."""
        keys = [issuer.key.public(), *await partner_keys.read()]
        return JSONResponse({"keys": keys}, headers={"Cache-Control": "public, max-age=300"})

    @routes.get("/.well-known/oauth-authorization-server")
    async def metadata() -> dict[str, str | list[str]]:
        """Return what this authorization server can do (RFC 8414)."""
        return issuer.metadata()

    return routes
