"""The whole platform in one process, on real databases, spoken to in the language of the domain."""

import asyncio
import base64
import dataclasses
import importlib
import typing
from collections.abc import Iterable, Mapping
from typing import TypeVar
from uuid import UUID, uuid4

import httpx
import sqlalchemy as sa
from fastapi import FastAPI

from cli.postgres import EmbeddedPostgres
from kernel import migrations
from kernel.auth import Actor
from kernel.db import Database
from kernel.events import Event
from kernel.ids import new_id
from kernel.inbox import Runner
from kernel.outbox import Relay
from kernel.testing.mischief import Mischief, Order, settle
from kernel.testing.tokens import TokenMaker
from kernel.transport.memory import MemoryTransport
from services.registry.regions import facts
from tests.people import KEMENSOS

Json = typing.Any  # noqa: TID251 - what JSON may hold

E = TypeVar("E", bound=Event)

PAYLOADS = sa.text("SELECT payload FROM outbox WHERE type = :type ORDER BY seq")
TABLES = sa.text(
    "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables"
    " WHERE schemaname = 'public' AND tablename <> ALL (:facts)"
)
DEAD = sa.text("SELECT consumer, error_class FROM dead_letter ORDER BY consumer")

SERVICES = ("registry", "empowerment", "export", "financing")
FACTS = {"alembic_version", "regions"}
SECRETS = {
    "signing_key": "a key for page cursors in tests",
    "encryption_keys": {"test": base64.b64encode(b"\x01" * 32).decode()},
    "blind_index_key": base64.b64encode(b"\x02" * 32).decode(),
    "subject_token_key": base64.b64encode(b"\x03" * 32).decode(),
    "ledger_signing_key": base64.b64encode(b"\x04" * 32).decode(),
    "dci_signing_key": base64.b64encode(b"\x05" * 32).decode(),
}


def migrated_databases(postgres: EmbeddedPostgres, *, schema: str) -> dict[str, str]:
    """Return a URL a service, each of a database of its own with every table."""
    urls = {service: postgres.create_database(f"test_{service}") for service in SERVICES}
    for service, url in urls.items():
        if schema == "metadata":
            asyncio.run(_create_all(service, url))
        else:
            migrations.upgrade(f"services.{service}", url=url)
    return urls


async def _create_all(service: str, url: str) -> None:
    database = Database(url, service=service)
    app = importlib.import_module(f"services.{service}.app")
    async with database.engine.begin() as connection:
        await connection.run_sync(app.SERVICE.tables.metadata.create_all)
        if service == "registry":
            await connection.run_sync(facts.load)
    await database.dispose()


class ServiceDriver:
    """One service, called over HTTP as the gateway would call it."""

    def __init__(self, service: str, *, url: str, tokens: TokenMaker) -> None:
        self.service = service
        self.module = importlib.import_module(f"services.{service}.app")
        settings_module = importlib.import_module(f"services.{service}.settings")
        settings = settings_module.Settings(database_url=url, internal_jwks=tokens.jwks, **SECRETS)
        self.app: FastAPI = self.module.create_app(settings)
        self.database: Database = self.app.state.database
        self.used = False
        self._tokens = tokens
        transport = httpx.ASGITransport(self.app)
        self.http = httpx.AsyncClient(transport=transport, base_url=f"http://{service}")
        self._every_scope = frozenset(scopes_of(self.app))

    async def call(
        self,
        method: str,
        path: str,
        *,
        as_: Actor = KEMENSOS,
        key: str | None = None,
        headers: Mapping[str, str] | None = None,
        **content: Json,
    ) -> httpx.Response:
        """Call an endpoint as somebody; `key` is the Idempotency-Key (a POST gets a fresh one)."""
        self.used = True
        actor = as_ if as_.scopes else dataclasses.replace(as_, scopes=self._every_scope)
        given = {"Authorization": f"Bearer {self._tokens.token(actor, service=self.service)}"}
        if method == "POST":
            given["Idempotency-Key"] = key or uuid4().hex
        return await self.http.request(
            method, path, headers={**given, **(headers or {})}, **content
        )

    async def post(self, path: str, json: Json = None, **rest: Json) -> httpx.Response:
        """POST JSON."""
        return await self.call("POST", path, json=json, **rest)

    async def get(self, path: str, **rest: Json) -> httpx.Response:
        """GET."""
        return await self.call("GET", path, **rest)

    async def put(self, path: str, json: Json = None, **rest: Json) -> httpx.Response:
        """PUT JSON."""
        return await self.call("PUT", path, json=json, **rest)

    async def patch(self, path: str, json: Json = None, **rest: Json) -> httpx.Response:
        """PATCH JSON."""
        return await self.call("PATCH", path, json=json, **rest)

    async def do(self, path: str, json: Json = None, **rest: Json) -> dict[str, Json]:
        """POST what must succeed, and return what it answered."""
        response = await self.post(path, json, **rest)
        assert response.is_success, response.text
        answer: dict[str, Json] = response.json()
        return answer

    async def read(self, path: str, **rest: Json) -> dict[str, Json]:
        """GET what must be there, and return it."""
        response = await self.get(path, **rest)
        assert response.is_success, response.text
        answer: dict[str, Json] = response.json()
        return answer

    async def clean(self) -> None:
        """Empty every table but the facts that migrations bring."""
        if not self.used:
            return
        async with self.database.engine.begin() as connection:
            names = await connection.scalar(TABLES, {"facts": list(FACTS)})
            await connection.execute(sa.text(f"TRUNCATE {names} CASCADE"))
        self.used = False


def scopes_of(app: FastAPI) -> Iterable[str]:
    """Name every scope that the app's operations ask for."""
    for operations in app.openapi()["paths"].values():
        for operation in operations.values():
            for requirement in operation.get("security", ()):
                for scopes in requirement.values():
                    yield from scopes


class World:
    """Four services on their databases, and the log between them."""

    def __init__(self, urls: Mapping[str, str], tokens: TokenMaker) -> None:
        drivers = {s: ServiceDriver(s, url=urls[s], tokens=tokens) for s in SERVICES}
        self.drivers = tuple(drivers.values())
        self.registry, self.empowerment = drivers["registry"], drivers["empowerment"]
        self.export, self.financing = drivers["export"], drivers["financing"]
        self._begin_a_log()

    async def settle(
        self, *, deliveries: int = 1, order: Order = "as sent", crash_after: str | None = None
    ) -> None:
        """Relay and consume until nothing moves, with the evils of messaging as asked."""
        self.log.deliveries, self.log.order = deliveries, order
        self.log.crash_after = crash_after
        for driver in self.drivers:
            driver.used = True
        await settle(self.relays, self.runners)

    async def announce(self, *events: Event, key: UUID | None = None) -> None:
        """Publish events as the service that they are of would; the log has them after `settle`."""
        for event in events:
            driver = next(d for d in self.drivers if event.topic.startswith(f"{d.service}."))
            driver.used = True
            async with driver.database.transaction() as uow:
                uow.publish(event, key=key or new_id())

    async def published(self, kind: type[E]) -> list[E]:
        """Return every event of a kind that was told so far, in order."""
        [driver] = [d for d in self.drivers if kind.topic.startswith(f"{d.service}.")]
        async with driver.database.engine.connect() as connection:
            rows = await connection.execute(PAYLOADS, {"type": kind.event_type})
            return [kind.model_validate_json(row.payload) for row in rows]

    async def dead_letters(self) -> list[str]:
        """Name the consumers and faults of every dead letter."""
        found: list[str] = []
        for driver in self.drivers:
            async with driver.database.engine.connect() as connection:
                rows = await connection.execute(DEAD)
                found += [f"{row.consumer}: {row.error_class}" for row in rows]
        return found

    def _begin_a_log(self) -> None:
        self.log = Mischief(MemoryTransport())
        self.relays = [
            Relay(d.database.url, service=d.service, transport=self.log) for d in self.drivers
        ]
        self.runners = [
            Runner(d.database, each, self.log)
            for d in self.drivers
            for each in d.module.SERVICE.subscriptions
        ]

    async def clean(self) -> None:
        """Forget everything that a test did."""
        await self._hang_up()
        for driver in self.drivers:
            await driver.clean()
        self._begin_a_log()

    async def close(self) -> None:
        """Hang up."""
        await self._hang_up()
        for driver in self.drivers:
            await driver.http.aclose()
            await driver.database.dispose()

    async def _hang_up(self) -> None:
        for relay in self.relays:
            await relay.close()
        for runner in self.runners:
            await runner.close()
