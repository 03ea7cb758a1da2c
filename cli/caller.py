"""A client of the platform at the terminal: its credentials, its calls, files and events."""

import json
import os
import typing
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cli import running
from cli.failures import CannotGoOn, language
from cli.operator import checked
from cli.places import Places
from kernel import http

Json = typing.Any  # noqa: TID251 - what JSON may hold
Answer = dict[str, Json]

PRIVATE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
SILENCE_SECONDS = 60.0
"""Without even a heartbeat: the stream is dead."""


@dataclass(frozen=True)
class Credentials:
    """Where the gateway is, and who acts there."""

    gateway: str
    client: str
    secret: str

    @classmethod
    def known(cls, client: str) -> "Credentials":
        """Return those of ANYAM_GATEWAY and ANYAM_SECRET, or of the platform of this clone.

        Raises:
            CannotGoOn: none is named, and none runs here.
        """
        named = os.environ.get("ANYAM_GATEWAY")
        if named:
            return cls(named, client, os.environ.get("ANYAM_SECRET", ""))
        places = Places.asked()
        gateway = running.required(running.Register(places.run)).gateway
        secrets = json.loads((places.keys / "credentials.json").read_text())
        return cls(gateway, client, os.environ.get("ANYAM_SECRET") or secrets.get(client, ""))


class Caller:
    """Calls the platform through its gateway; refusals are sentences."""

    def __init__(self, gateway: http.Client, known: Credentials) -> None:
        self._gateway = gateway
        self._known = known
        self._headers = {"Accept-Language": language()}

    async def sign_in(self) -> None:
        """Get a token.

        Raises:
            CannotGoOn: the gateway does not know this client.
        """
        known = self._known
        grant = {"grant_type": "client_credentials"}
        asked = await self._gateway.post(
            "/oauth/token", data=grant, auth=(known.client, known.secret)
        )
        if asked.status_code == 401:
            raise CannotGoOn(
                id=f"{known.gateway} tidak mengenal klien {known.client} dengan rahasia ini: "
                "periksa ANYAM_SECRET dan --client.",
                en=f"{known.gateway} does not know the client {known.client} with this secret: "
                "check ANYAM_SECRET and --client.",
            )
        self._headers["Authorization"] = f"Bearer {checked(asked).json()['access_token']}"

    async def read(self, path: str, **query: Json) -> Answer:
        """Read something."""
        asked = await self._gateway.get(path, params=query, headers=self._headers)
        answer: Answer = checked(asked).json()
        return answer

    async def do(self, path: str) -> Answer:
        """Send a command without a body."""
        asked = await self._gateway.post(path, headers=self._headers)
        answer: Answer = checked(asked).json()
        return answer

    async def send(
        self,
        path: str,
        content: AsyncIterator[bytes],
        *,
        params: Mapping[str, str],
        headers: Mapping[str, str],
        seconds: float,
    ) -> Answer:
        """Send a file as it is read."""
        asked = await self._gateway.post(
            path,
            content=content,
            params=dict(params),
            headers={**self._headers, **headers},
            timeout=seconds,
        )
        answer: Answer = checked(asked).json()
        return answer

    async def fetch(self, path: str, target: Path, *, seconds: float) -> None:
        """Write what is answered into a file that only its owner reads."""
        headers = self._headers
        async with self._gateway.stream("GET", path, headers=headers, timeout=seconds) as asked:
            if not asked.is_success:
                await asked.aread()
            checked(asked)
            with os.fdopen(os.open(target, PRIVATE, 0o600), "wb") as opened:
                async for piece in asked.aiter_bytes():
                    opened.write(piece)

    async def events(self, path: str, after: str | None) -> AsyncIterator[tuple[str, Answer]]:
        """Give the events of a stream, with their ids, from the one after `after`."""
        headers = {**self._headers, "Accept": "text/event-stream"}
        if after is not None:
            headers["Last-Event-ID"] = after
        async with self._gateway.stream(
            "GET", path, headers=headers, timeout=SILENCE_SECONDS
        ) as asked:
            if not asked.is_success:
                await asked.aread()
            checked(asked)
            event_id = ""
            async for line in asked.aiter_lines():
                name, _, value = line.partition(": ")
                if name == "id":
                    event_id = value
                elif name == "data":
                    yield event_id, json.loads(value)
