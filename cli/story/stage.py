"""How the story speaks: as a client, through the gateway, patiently, and never twice.

Every command carries an Idempotency-Key that is named after its step, so that a story told again,
or cut short by a dying service and resumed, changes nothing that was done.
"""

import asyncio
import time
import typing
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

import stamina

from kernel import http

Json = typing.Any  # noqa: TID251 - what JSON may hold
Answer = dict[str, Json]

AWAY = {502, 503, 504}
STILL_RUNNING = "KER-0008"
NOT_YET = {403, 404, 409, 422}
RETURNS_SECONDS = 90.0
ARRIVES_SECONDS = 60.0
MOST_AT_ONCE = 8
LEAST_TOKEN_SECONDS = 30.0

# A retry is the story's patience, not news for its listeners.
stamina.instrumentation.set_on_retry_hooks([])


class StoryFailed(Exception):
    """A step was refused, or a figure is not what the story says."""


class Away(Exception):
    """The service does not answer now; the same command may be sent again."""


class NotYet(Exception):
    """What the step needs was not heard of yet at that service."""


class Party:
    """One client at the gateway."""

    def __init__(self, stage: "Stage", client_id: str, secret: str) -> None:
        self._stage = stage
        self._identity = (client_id, secret)
        self._token: str | None = None
        self._asked_at = 0.0
        self._asking = asyncio.Lock()

    async def do(self, step: str, path: str, body: Json = None, *, patient: bool = False) -> Answer:
        """Send a command once, however often it takes; `patient` waits for news to arrive."""
        headers = {"Idempotency-Key": f"story-{step}"}
        return await self._call("POST", path, headers=headers, json=body, patient=patient)

    async def put(self, path: str, body: Json, *, etag: str = "*") -> Answer:
        """Set something to a value."""
        return await self._call("PUT", path, headers={"If-Match": etag}, json=body)

    async def send(self, step: str, path: str, content: str) -> Answer:
        """Upload a CSV file."""
        headers = {"Idempotency-Key": f"story-{step}", "Content-Type": "text/csv"}
        return await self._call("POST", path, headers=headers, content=content.encode())

    async def read(self, path: str, *, patient: bool = False) -> Answer:
        """Read something."""
        return await self._call("GET", path, headers={}, patient=patient)

    async def list(self, path: str) -> list[Answer]:
        """Read a whole list, page by page."""
        found: list[Answer] = []
        cursor, joint = "", "&" if "?" in path else "?"
        while True:
            page = await self.read(f"{path}{joint}limit=200{cursor}")
            found += page["items"]
            if not page["next"]:
                return found
            cursor = f"&cursor={page['next']}"

    async def until(self, path: str, holds: Callable[[Answer], bool]) -> Answer:
        """Read something until it is so.

        Raises:
            StoryFailed: it never was.
        """
        answer: Answer = {}
        async for attempt in self._stage.attempts(NotYet, ARRIVES_SECONDS):
            with attempt:
                answer = await self.read(path)
                if not holds(answer):
                    raise NotYet(f"{path}: {answer}")
        return answer

    async def _call(self, method: str, path: str, *, patient: bool = False, **rest: Json) -> Answer:
        async for attempt in self._stage.attempts(NotYet, ARRIVES_SECONDS):
            with attempt:
                response = await self._answered(method, path, **rest)
                if response.is_success:
                    return typing.cast(Answer, response.json())  # every answer is an object
                refusal = f"{method} {path}: {response.status_code} {response.text}"
                if patient and response.status_code in NOT_YET:
                    raise NotYet(refusal)
                raise StoryFailed(refusal)
        raise AssertionError("an attempt returns or raises")

    async def _answered(self, method: str, path: str, **rest: Json) -> http.Response:
        async for attempt in self._stage.attempts(Away, RETURNS_SECONDS):
            with attempt:
                return await self._once(method, path, **rest)
        raise AssertionError("an attempt returns or raises")

    async def _once(
        self, method: str, path: str, *, headers: Mapping[str, str], **content: Json
    ) -> http.Response:
        authorised = {**headers, "Authorization": f"Bearer {await self._bearer()}"}
        async with self._stage.turns:
            try:
                response = await self._stage.http.request(
                    method, path, headers=authorised, **content
                )
            except http.TransportError as error:
                raise Away(repr(error)) from error
        if response.status_code == 401 and self._renew():
            raise Away("the token ran out")
        if response.status_code in AWAY or response.status_code == 429:
            raise Away(response.text)
        if response.status_code == 409 and response.json().get("code") == STILL_RUNNING:
            raise Away(STILL_RUNNING)
        return response

    def _renew(self) -> bool:
        """Forget a token that is refused; a new one that is refused at once is no use either."""
        worn, self._token = self._token, None
        fresh = time.monotonic() - self._asked_at < LEAST_TOKEN_SECONDS
        return worn is None or not fresh

    async def _bearer(self) -> str:
        async with self._asking:
            if self._token is None:
                self._token = await self._stage.token(*self._identity)
                self._asked_at = time.monotonic()
        return self._token


class Stage:
    """The gateway, and everyone who calls it."""

    def __init__(self, gateway: http.Client, credentials: Mapping[str, str]) -> None:
        self.http = gateway
        self.turns = asyncio.Semaphore(MOST_AT_ONCE)
        self._parties = {name: Party(self, name, secret) for name, secret in credentials.items()}

    def as_(self, client_id: str) -> Party:
        """Return a client of the story."""
        return self._parties[client_id]

    async def token(self, client_id: str, secret: str) -> str:
        """Get an access token by client credentials.

        Raises:
            Away: the gateway does not answer.
            StoryFailed: it does not know the client.
        """
        grant = {"grant_type": "client_credentials"}
        try:
            response = await self.http.post("/oauth/token", data=grant, auth=(client_id, secret))
        except http.TransportError as error:
            raise Away(repr(error)) from error
        if response.status_code >= 500:
            raise Away(response.text)
        if not response.is_success:
            raise StoryFailed(f"no token for {client_id}: {response.text}")
        return str(response.json()["access_token"])

    def attempts(self, on: type[Exception], seconds: float) -> "AsyncIterator[stamina.Attempt]":
        """Try until it works, for so many seconds."""
        return aiter(
            stamina.retry_context(
                on=on, timeout=seconds, attempts=None, wait_initial=0.05, wait_max=1.0
            )
        )


@asynccontextmanager
async def open_stage(gateway_url: str, credentials: Mapping[str, str]) -> AsyncIterator[Stage]:
    """Open the way to a gateway."""
    async with http.client(gateway_url, connections=MOST_AT_ONCE) as gateway:
        yield Stage(gateway, credentials)
