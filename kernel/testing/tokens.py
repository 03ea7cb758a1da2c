"""Internal tokens for tests, signed as the gateway signs them."""

import json
from datetime import timedelta

from joserfc import jwt
from joserfc.jwk import OKPKey

from kernel import clock
from kernel.auth import INTERNAL_TOKEN_TYPE, Actor

LIFETIME = timedelta(seconds=60)


class TokenMaker:
    """A gateway's signing key, and the tokens it vouches with."""

    def __init__(self) -> None:
        self._key = OKPKey.generate_key("Ed25519")

    @property
    def jwks(self) -> str:
        """The public half, as a service's INTERNAL_JWKS."""
        return json.dumps({"keys": [self._key.as_dict(private=False)]})

    def token(self, actor: Actor, *, service: str, lifetime: timedelta = LIFETIME) -> str:
        """Return a token that lets `actor` act at `service`."""
        now = clock.now()
        claims = {
            "iss": "gateway",
            "aud": service,
            "sub": actor.subject,
            "client_id": actor.client_id,
            "organisation": actor.organisation,
            "kind": actor.kind,
            "scope": " ".join(sorted(actor.scopes)),
            "regions": list(actor.regions),
            "iat": int(now.timestamp()),
            "exp": int((now + lifetime).timestamp()),
        }
        header = {"alg": "Ed25519", "typ": INTERNAL_TOKEN_TYPE}
        return jwt.encode(header, claims, self._key, algorithms=["Ed25519"])
