"""A service's web application: one request is one transaction, answered after its commit."""

import functools
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, FastAPI, Header, Request, Response
from fastapi.routing import APIRoute
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel, ConfigDict
from starlette.routing import Match
from starlette.types import Scope

from kernel import idempotency, openapi, outbox
from kernel.auth import Actor, TokenVerifier, Unauthenticated
from kernel.db import Aggregate, Database, UnitOfWork
from kernel.edge import Edge
from kernel.faults import answer_with_problems
from kernel.problems import Invalid, Problem, Status, Text
from kernel.settings import ServiceSettings
from kernel.sight import NOBODY, Sight
from kernel.telemetry import FASTAPI_IS_SILENT

R = TypeVar("R")

MOST_DIGITS = 18  # of a version; Python refuses to read thousands of them


class Body(BaseModel):
    """What a request may hold: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, str_max_length=2000)


class View(BaseModel):
    """What an answer shows, read from a row."""

    model_config = ConfigDict(from_attributes=True)


class VersionMissing(Problem):
    """A change must say which version it changes."""

    status = Status.PRECONDITION_REQUIRED
    code = "KER-0017"
    title = Text(id="Versi tidak disebut", en="Version not named")
    detail = Text(
        id="Kirim tajuk If-Match dengan ETag yang dibaca.",
        en="Send If-Match with the ETag that you read.",
    )


class VersionMalformed(Invalid):
    """If-Match holds something that is no ETag of ours."""

    code = "KER-0018"
    title = Text(id="ETag tidak sah", en="ETag not valid")
    detail = Text(id='Bentuknya "12", dengan tanda kutip.', en='Its form is "12", with the quotes.')


class VersionStale(Problem):
    """Someone else changed it in the meantime."""

    status = Status.PRECONDITION_FAILED
    code = "KER-0019"
    title = Text(id="Sudah berubah", en="Changed in the meantime")
    detail = Text(
        id="Baca lagi, lalu ulangi perubahan.", en="Read it again, then repeat the change."
    )


class Route(APIRoute):
    """An endpoint inside one transaction: commit first, then the answer leaves.

    Replays commands by their Idempotency-Key; answers 304 to an unchanged ETag.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, _flushed(endpoint), **options)

    def get_route_handler(self) -> Callable[[Request], Any]:
        """Wrap FastAPI's handler."""
        handle = super().get_route_handler()

        async def in_one_transaction(request: Request) -> Response:
            actor = _actor(request)
            caller = f"{actor.client_id} {actor.organisation} {actor.subject}" if actor else ""
            claim = await idempotency.claim_of(request, caller=caller, route=self.path)
            sight = Sight.of(actor) if actor else NOBODY
            async with request.app.state.database.transaction(sight) as uow:
                request.state.uow = uow
                if claim and (replayed := await claim.replay(uow)):
                    return replayed
                response: Response = _conditional(request, await handle(request))
                if claim:
                    await claim.store(uow, response)
            return response

        return in_one_transaction


def _flushed(endpoint: Callable[..., Awaitable[R]]) -> Callable[..., Awaitable[R]]:
    """Write the rows before the answer is made, so that it shows the version they have now."""

    @functools.wraps(endpoint)
    async def run(*args: Any, **kwargs: Any) -> R:
        result = await endpoint(*args, **kwargs)
        for value in kwargs.values():
            if isinstance(value, UnitOfWork):
                await value.flush()
                value.shown = result.version if isinstance(result, Aggregate) else value.shown
        return result

    return run


def _conditional(request: Request, response: Response) -> Response:
    shown = request.state.uow.shown
    if shown is None:
        return response
    response.headers["ETag"] = f'"{shown}"'
    if request.method == "GET" and request.headers.get("if-none-match") == response.headers["ETag"]:
        return Response(status_code=304, headers={"ETag": response.headers["ETag"]})
    return response


def _actor(request: Request) -> Actor | None:
    _, _, token = request.headers.get("authorization", "").partition(" ")
    try:
        actor: Actor = request.app.state.verifier.actor(token)
    except Unauthenticated:
        return None
    return actor


async def _unit_of_work(request: Request) -> UnitOfWork:
    uow: UnitOfWork = request.state.uow
    return uow


Uow = Annotated[UnitOfWork, Depends(_unit_of_work)]


class Expected:
    """The version that the caller believes the row has."""

    def __init__(self, version: int | None) -> None:
        self.version = version

    def check(self, row: Aggregate) -> None:
        """Guard a change.

        Raises:
            VersionStale: the row has another version by now.
        """
        if self.version is not None and row.version != self.version:
            raise VersionStale


async def _expected(
    if_match: Annotated[str | None, Header(description='The ETag read, `"12"`, or `*`.')] = None,
) -> Expected:
    if if_match is None:
        raise VersionMissing
    if if_match.strip() == "*":
        return Expected(None)
    digits = if_match.strip().strip('"')
    if not (digits.isascii() and digits.isdigit()) or len(digits) > MOST_DIGITS:
        raise VersionMalformed
    return Expected(int(digits))


IfMatch = Annotated[Expected, Depends(_expected)]


class Slice(APIRouter):
    """The endpoints of one slice; a path elsewhere is not compared with each of them."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Say whether one of them has the path."""
        return super().matches(scope) if self.prefix in scope["path"] else (Match.NONE, {})


def slice_router(path: str, *, tag: str, route_class: type[APIRoute] = Route) -> APIRouter:
    """Return the router of one slice, below /v1."""
    return Slice(prefix=f"/v1{path}", tags=[tag], route_class=route_class)


def service_app(
    *,
    service: str,
    title: str,
    settings: ServiceSettings,
    routers: Sequence[APIRouter],
    lifespan: Callable[[FastAPI], Any] | None = None,
    row_security: bool = False,
) -> FastAPI:
    """Return a service's application; it opens no connection before its first request."""
    app = FastAPI(
        title=title,
        version="1",
        lifespan=_disposing(lifespan or _nothing_more),
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=lambda route: route.name,
        telemetry=FASTAPI_IS_SILENT,
    )
    app.state.settings = settings
    app.state.database = Database(
        settings.database_url,
        service=service,
        pool_size=settings.pool_size,
        row_security=row_security,
    )
    app.state.verifier = TokenVerifier(settings.internal_jwks, service=service)
    for router in (*routers, _health):
        app.include_router(router)
    answer_with_problems(app)
    app.add_middleware(Edge, service=service)
    openapi.describe(app)
    return app


def _disposing(lifespan: Callable[[FastAPI], Any]) -> Callable[[FastAPI], Any]:
    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        async with lifespan(app):
            yield
        await app.state.database.dispose()

    return life


@asynccontextmanager
async def _nothing_more(_: FastAPI) -> AsyncIterator[None]:
    yield


_health = APIRouter(include_in_schema=False)


@_health.get("/health/live")
async def live() -> dict[str, str]:
    """Tell that the process runs."""
    return {"status": "live"}


@_health.get("/health/ready")
async def ready(request: Request) -> dict[str, str]:
    """Tell that the service can do its work, and whether its bulk work waits for the relay.

    Raises:
        TemporarilyUnavailable: through the database's error, 503.
    """
    async with request.app.state.database.transaction() as uow:
        waits = await outbox.is_long(uow)
    return {"status": "ready", "bulk_work": "waits" if waits else "goes on"}


@_health.get("/metrics")
async def metrics() -> Response:
    """Show this process's numbers in Prometheus' text format."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
