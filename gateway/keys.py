"""The gateway's signing keys, and the tokens that they sign."""

import json

from joserfc import jwt
from joserfc.jwk import OKPKey

# Ed25519 as RFC 9864 names it; "EdDSA" is the older, less specific name.
ALGORITHM = "Ed25519"
PARTS = frozenset({"kty", "crv", "x", "d", "kid"})


class SigningKey:
    """One Ed25519 key and its id."""

    def __init__(self, jwk: str) -> None:
        known: dict[str, str] = json.loads(jwk)
        # "alg" may be the older name of the algorithm, which the library then insists on.
        key = OKPKey.import_key({name: value for name, value in known.items() if name in PARTS})
        key.ensure_kid()
        self.key = key

    @property
    def kid(self) -> str:
        """Return the key id, as tokens and the key set name it."""
        return str(self.key.kid)

    def public(self) -> dict[str, str | list[str]]:
        """Return the public half as a JSON Web Key."""
        return {**self.key.as_dict(private=False), "kid": self.kid, "use": "sig", "alg": ALGORITHM}

    def sign(self, claims: dict[str, object], *, token_type: str) -> str:
        """Return a compact JWT of this `typ`."""
        header = {"alg": ALGORITHM, "typ": token_type, "kid": self.kid}
        return jwt.encode(header, claims, self.key, algorithms=[ALGORITHM])
