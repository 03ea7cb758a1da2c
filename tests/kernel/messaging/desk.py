"""The operator's desk of the post office: its operations over HTTP."""

from collections.abc import Mapping

import httpx
from sqlmodel import SQLModel

from kernel.auth import Actor
from kernel.service import Service
from kernel.settings import ServiceSettings
from kernel.testing.tokens import TokenMaker
from tests.kernel.messaging.post import TABLES, Post
from tests.people import person
from tests.world import Json

LOOK, ACT = "operations:read", "operations:write"
OPERATOR = person("operator", organisation="anyam", scopes=frozenset({LOOK, ACT}))
WATCHER = person("watcher", organisation="anyam", scopes=frozenset({LOOK}))
CLERK = person("clerk", organisation="anyam", scopes=frozenset({"post.parcels:write"}))


class Table(SQLModel):
    """The post office's tables."""

    metadata = TABLES


def service_of(post: Post, *, name: str = "post") -> Service:
    """Return the post office as a service, whose one consumer is the post's."""
    return Service(name=name, title="Post", tables=Table, routers=(), subscriptions=(post.when,))


class Desk:
    """The post office's web application, called by somebody."""

    def __init__(self, post: Post) -> None:
        self._tokens = TokenMaker()
        settings = ServiceSettings(
            database_url=post.database.url, internal_jwks=self._tokens.jwks, signing_key="post"
        )
        self._app = service_of(post).app(settings)
        self._http = httpx.AsyncClient(
            transport=httpx.ASGITransport(self._app), base_url="http://post/v1/operations/post/"
        )

    async def call(
        self,
        method: str,
        path: str,
        *,
        as_: Actor = OPERATOR,
        headers: Mapping[str, str] | None = None,
        **content: Json,
    ) -> httpx.Response:
        """Call an endpoint below /v1/operations/post."""
        given = {"Authorization": f"Bearer {self._tokens.token(as_, service='post')}"}
        return await self._http.request(
            method, path, headers={**given, **(headers or {})}, **content
        )

    async def see(self, path: str, **query: Json) -> Json:
        """Read something that can be read."""
        response = await self.call("GET", path, params=query)
        assert response.status_code == 200, response.text
        return response.json()

    async def do(self, path: str, **body: Json) -> Json:
        """Send a command that is obeyed."""
        response = await self.call("POST", path, json=body or None)
        assert response.is_success, response.text
        return response.json() if response.content else None

    async def close(self) -> None:
        """Hang up."""
        await self._http.aclose()
        await self._app.state.database.dispose()
