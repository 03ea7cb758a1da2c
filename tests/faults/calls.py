"""Commands sent to the gateway by HTTP, and every answer that came back."""

import asyncio
import re
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import uuid4

from kernel import http
from tests.waiting import let_run
from tests.world import Json

STILL_RUNNING = "KER-0008"
LOST, AWAY = {0, 502, 504}, 503
COMES_BACK_SECONDS = 120.0
PAUSE_SECONDS = 0.25
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


@dataclass(frozen=True)
class Command:
    """What a client wants done: sent again with the same key, it is the same command."""

    by: str
    path: str
    body: Json = None
    method: str = "POST"
    key: str = field(default_factory=lambda: uuid4().hex)
    etag: str = ""

    @property
    def route(self) -> str:
        """Return what is asked for, without the ids in it."""
        return f"{self.method} {ID.sub('{id}', self.path)}"

    def headers(self) -> dict[str, str]:
        """Return what the command carries beside its body."""
        key = {"Idempotency-Key": self.key} if self.method == "POST" else {}
        return {**key, **({"If-Match": self.etag} if self.etag else {})}


def reading(by: str, path: str) -> Command:
    """Return the request to show something."""
    return Command(by, path, method="GET")


@dataclass(frozen=True)
class Answer:
    """What came back; status 0: nothing did."""

    status: int
    body: Json = None
    retry_after: str = ""
    etag: str = ""
    replayed: bool = False

    @property
    def done(self) -> bool:
        """Tell whether the command was acknowledged."""
        return 200 <= self.status < 300

    @property
    def code(self) -> str:
        """Return the problem's code, or what kept an answer from coming."""
        return str(self.body.get("code", "")) if isinstance(self.body, dict) else ""

    @property
    def still_running(self) -> bool:
        """Tell whether another request with the key is at work."""
        return (self.status, self.code) == (409, STILL_RUNNING)

    @property
    def passing(self) -> bool:
        """Tell whether the same command may be sent again, to learn more."""
        return self.status in {*LOST, AWAY} or self.still_running

    @property
    def told(self) -> str:
        """Return the answer in a few words."""
        return f"{self.status} {self.code}".strip()


def counted(found: Iterable[str]) -> list[str]:
    """Return each sentence once, with how often it was said."""
    return [f"{times} x {sentence}" for sentence, times in Counter(found).items()]


class Callers:
    """The story's clients before one gateway or several; `heard` keeps every answer."""

    def __init__(self, doors: Sequence[http.Client], credentials: Mapping[str, str]) -> None:
        self.heard: list[Answer] = []
        self._doors = doors
        self._credentials = credentials
        self._tokens: dict[str, asyncio.Task[str]] = {}
        self._turn = 0

    @property
    def tally(self) -> Counter[str]:
        """Return how often each answer was heard."""
        return Counter(answer.told for answer in self.heard)

    async def send(self, command: Command) -> Answer:
        """Send a command once; before several gateways as a load balancer would."""
        token = await self._token(command.by)
        answer = Answer(0)
        for door in self._next_doors():
            if (answer := await _exchange(door, command, token)).status:
                break
        self.heard.append(answer)
        return answer

    async def insist(self, command: Command) -> Answer:
        """Send a command until its answer stands, or for two minutes."""
        deadline = time.monotonic() + COMES_BACK_SECONDS
        while (answer := await self.send(command)).passing and time.monotonic() < deadline:
            await let_run(PAUSE_SECONDS)
        return answer

    async def do(self, command: Command) -> dict[str, Json]:
        """Insist on a command that nothing may refuse; return what it answered."""
        answer = await self.insist(command)
        assert answer.done, f"{command.route}: {answer.told} {answer.body}"
        told: dict[str, Json] = answer.body
        return told

    async def at_once(self, command: Command, *, times: int) -> list[Answer]:
        """Send a command so many times in parallel."""
        return await asyncio.gather(*(self.send(command) for _ in range(times)))

    def _next_doors(self) -> list[http.Client]:
        """Return the gateways, another one first each time."""
        self._turn = (self._turn + 1) % len(self._doors)
        return [*self._doors[self._turn :], *self._doors[: self._turn]]

    def _token(self, client: str) -> "asyncio.Task[str]":
        if client not in self._tokens:
            self._tokens[client] = asyncio.create_task(self._asked(client))
        return self._tokens[client]

    async def _asked(self, client: str) -> str:
        grant, identity = {"grant_type": "client_credentials"}, (client, self._credentials[client])
        answer = await self._doors[0].post("/oauth/token", data=grant, auth=identity)
        return str(answer.json()["access_token"])


async def _exchange(door: http.Client, command: Command, token: str) -> Answer:
    given = {**command.headers(), "Authorization": f"Bearer {token}"}
    content: dict[str, Json] = {"json": command.body} if command.body is not None else {}
    if isinstance(command.body, str):
        given["Content-Type"], content = "text/csv", {"content": command.body}
    try:
        response = await door.request(command.method, command.path, headers=given, **content)
    except http.TransportError as error:
        return Answer(0, {"code": type(error).__name__})
    return Answer(
        response.status_code,
        response.json() if "json" in response.headers.get("content-type", "") else None,
        retry_after=response.headers.get("retry-after", ""),
        etag=response.headers.get("etag", ""),
        replayed=response.headers.get("idempotency-replayed") == "true",
    )
