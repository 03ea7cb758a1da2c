"""The keys that the registry signs its messages to partners with, as the registry tells them."""

import time
from collections.abc import Callable

from pydantic import TypeAdapter, ValidationError
from typing_extensions import TypedDict

from gateway.asking import ask
from gateway.upstream import Upstream
from kernel.problems import Problem

PATH = "/registry/.well-known/jwks.json"
TIMEOUT = 1.0
KEPT_SECONDS = 300.0

PublicKey = dict[str, str | list[str]]


class KeySet(TypedDict):
    """A JSON Web Key Set."""

    keys: list[PublicKey]


KEY_SET = TypeAdapter(KeySet)


class PartnerKeys:
    """Asks the registry at most once in five minutes; while it is away, the last answer holds."""

    def __init__(self, upstream: Upstream, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._upstream, self._clock = upstream, clock
        self._keys: list[PublicKey] = []
        self._read_at = float("-inf")

    async def read(self) -> list[PublicKey]:
        """Return the keys; none before the registry could be asked for the first time."""
        if self._clock() - self._read_at > KEPT_SECONDS:
            await self._refresh()
        return self._keys

    async def _refresh(self) -> None:
        try:
            answer = await ask(self._upstream, PATH, within=TIMEOUT)
            self._keys = KEY_SET.validate_json(answer.body)["keys"]
        except (Problem, TimeoutError, OSError, ValidationError):
            return
        self._read_at = self._clock()
