"""The toy service on a real database."""

from collections.abc import AsyncIterator

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from cli.postgres import EmbeddedPostgres
from kernel.auth import Actor
from kernel.settings import ServiceSettings
from kernel.testing.tokens import TokenMaker
from tests.kernel import toy
from tests.people import person
from tests.world import Json

WEAVER = person(
    "weaver", organisation="ooa", scopes=frozenset({"toy.baskets:read", "toy.baskets:write"})
)
READER = person("reader", organisation="ooa", scopes=frozenset({"toy.baskets:read"}))


class Toy:
    """The toy's app, called by somebody."""

    def __init__(self, app: FastAPI, tokens: TokenMaker) -> None:
        self.app, self.tokens = app, tokens
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://toy")

    async def call(
        self,
        method: str,
        path: str,
        *,
        as_: Actor = WEAVER,
        headers: dict[str, str] | None = None,
        **content: Json,
    ) -> httpx.Response:
        token = self.tokens.token(as_, service="toy")
        given = {"Authorization": f"Bearer {token}", **(headers or {})}
        return await self.http.request(method, path, headers=given, **content)

    async def weave(self, label: str = "eceng", pieces: int = 1, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.call(
            "POST", "/v1/baskets", headers=named, json={"label": label, "pieces": pieces}
        )

    async def count(self, table: str) -> int:
        async with self.app.state.database.engine.connect() as connection:
            return int(await connection.scalar(sa.text(f"SELECT count(*) FROM {table}")))  # noqa: S608 - a table of ours


@pytest.fixture(scope="session")
async def toy_service(postgres: EmbeddedPostgres) -> AsyncIterator[Toy]:
    """Give the toy service, made once."""
    tokens = TokenMaker()
    settings = ServiceSettings(
        database_url=postgres.create_database("toy"),
        internal_jwks=tokens.jwks,
        signing_key="toy",
    )
    app = toy.SERVICE.app(settings)
    async with app.state.database.engine.begin() as connection:
        await connection.run_sync(toy.Table.metadata.create_all)
    yield Toy(app, tokens)
    await app.state.database.dispose()


@pytest.fixture
async def baskets(toy_service: Toy) -> AsyncIterator[Toy]:
    """Give the toy service without baskets."""
    yield toy_service
    names = ", ".join(toy.Table.metadata.tables)
    async with toy_service.app.state.database.engine.begin() as connection:
        await connection.execute(sa.text(f"TRUNCATE {names}"))
