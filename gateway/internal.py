"""What the services believe: a token of one minute, made by the gateway for one service."""

import time
from collections.abc import Callable

from gateway.identity import Caller
from gateway.keys import SigningKey

LIFETIME = 60
REUSED_FOR = 30
REMEMBERED = 10_000
INTERNAL_TOKEN_TYPE = "internal+jwt"  # noqa: S105 - a media type, not a password
SUMMARY_SCOPE = "platform.summary:read"


class InternalTokens:
    """Mints internal tokens; one is used for 30 seconds by the same caller at the same service."""

    def __init__(self, key: SigningKey, *, clock: Callable[[], float] = time.time) -> None:
        self._key = key
        self._clock = clock
        self._made: dict[tuple[bytes, str], tuple[float, bytes]] = {}

    def authorization(self, caller: Caller, service: str) -> bytes:
        """Return the `Authorization` value that a service accepts for this caller."""
        now = self._clock()
        made = self._made.get((caller.token, service))
        if made is not None and now - made[0] < REUSED_FOR:
            return made[1]
        value = b"Bearer " + self._minted(caller, service, now).encode()
        self._made.pop((caller.token, service), None)
        if len(self._made) >= REMEMBERED:
            del self._made[next(iter(self._made))]
        self._made[(caller.token, service)] = (now, value)
        return value

    def _minted(self, caller: Caller, service: str, now: float) -> str:
        claims: dict[str, object] = {
            "iss": "gateway",
            "aud": service,
            "sub": caller.subject,
            "client_id": caller.client_id,
            "organisation": caller.organisation,
            "kind": caller.kind,
            "scope": caller.scope,
            "regions": list(caller.regions),
            "iat": int(now),
            "exp": int(now) + LIFETIME,
        }
        return self._key.sign(claims, token_type=INTERNAL_TOKEN_TYPE)


GATEWAY_ITSELF = Caller(
    token=b"",
    client_id="gateway",
    subject="gateway",
    organisation="anyam",
    kind="platform",
    scope=SUMMARY_SCOPE,
    scopes=frozenset({SUMMARY_SCOPE}),
    regions=(),
    expires=float("inf"),
)
