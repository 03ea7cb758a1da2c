"""The gateway: pages and tokens by FastAPI, everything of the services by the data path."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI, Request, Response
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway import health, issuer, observe, pages
from gateway.admission import Admission
from gateway.answers import header, problem_body, problem_headers
from gateway.clients import Clients
from gateway.figures import Figures
from gateway.health import Drain, Health
from gateway.identity import Identity
from gateway.internal import InternalTokens
from gateway.keys import SigningKey
from gateway.observe import Record
from gateway.partner_keys import PartnerKeys
from gateway.problems import InternalFault, MethodNotAllowed, NoSuchPage
from gateway.proxy import Proxy
from gateway.routes import RouteTable
from gateway.settings import Settings
from gateway.upstream import Upstream
from kernel.problems import Problem
from kernel.telemetry import FASTAPI_IS_SILENT, configure_logs

OF_SERVICES = (b"/v1/", b"/registry/")
"""Where services are: our own interface, and the addresses that the DCI standard fixes."""


class Gateway:
    """The only door: sends each request to the data path or to the pages."""

    def __init__(self, proxy: Proxy, site: ASGIApp, drain: Drain) -> None:
        self.drain = drain
        self._proxy = proxy
        self._site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the lifespan, or one HTTP request; WebSockets are not spoken."""
        if scope["type"] == "lifespan":
            await self._site(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        elif _of_the_data_path(scope["raw_path"]):
            await self._proxy(scope, receive, send)
        else:
            await self._page(scope, receive, send)

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        record = Record(
            scope["method"], observe.request_id(header(scope["headers"], b"x-request-id"))
        )
        identifying = (b"x-request-id", record.request_id)
        scope["request_id"] = record.request_id

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                record.status = message["status"]
                message["headers"] = [*message["headers"], identifying]
            await send(message)

        try:
            await self._site(scope, receive, sending)
        finally:
            record.route = getattr(scope.get("route"), "path", observe.UNLISTED)
            record.close()


def _of_the_data_path(raw_path: bytes) -> bool:
    """Tell whether a path is or could be read as one of a service; doubt is settled there."""
    return (
        raw_path.startswith(OF_SERVICES)
        or not raw_path.isascii()
        or b"%" in raw_path
        or b"//" in raw_path
    )


def create_app(settings: Settings | None = None, *, routes: RouteTable | None = None) -> Gateway:
    """Return the gateway as an ASGI application.

    Raises:
        ValidationError: a setting is missing, or the clients file is not what it should be.
    """
    settings = settings or Settings()
    configure_logs(level=settings.log_level)
    upstreams = _upstreams(settings)
    access_key = SigningKey(settings.gateway_signing_key.get_secret_value())
    internal = InternalTokens(SigningKey(settings.internal_signing_key.get_secret_value()))
    drain = Drain()
    admission = Admission(
        routes or RouteTable.read(settings.routes_file),
        Identity(access_key, issuer=settings.gateway_issuer),
        internal,
        settings=settings,
    )
    site = _site(upstreams)
    tokens = issuer.Issuer(Clients.read(settings.clients_file), access_key, settings=settings)
    site.include_router(issuer.router(tokens))
    site.include_router(issuer.published(tokens, PartnerKeys(upstreams["registry"])))
    for router in _routers(settings, Health(upstreams, drain), Figures(upstreams, internal)):
        site.include_router(router)
    return Gateway(Proxy(admission, upstreams, settings=settings), site, drain)


def _upstreams(settings: Settings) -> dict[str, Upstream]:
    addresses = settings.upstreams().items()
    return {name: Upstream(name, url, settings=settings) for name, url in addresses}


def _routers(settings: Settings, watch: Health, figures: Figures) -> Iterator[APIRouter]:
    yield health.router(watch)
    yield pages.documentation(settings)
    yield pages.errors(settings)
    yield pages.assets()
    yield pages.front_page(figures, watch)


def _site(upstreams: dict[str, Upstream]) -> FastAPI:
    @asynccontextmanager
    async def connected(_: FastAPI) -> AsyncIterator[None]:
        yield
        for upstream in upstreams.values():
            upstream.close()

    site = FastAPI(
        title="Anyam",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=connected,
        telemetry=FASTAPI_IS_SILENT,
    )
    site.add_middleware(GZipMiddleware, minimum_size=1024)
    site.add_exception_handler(Problem, _problem)
    site.add_exception_handler(HTTPException, _http_error)
    site.add_exception_handler(Exception, _fault)
    return site


def _problem(request: Request, error: Exception) -> Response:
    problem = error if isinstance(error, Problem) else InternalFault()
    return Response(
        problem_body(problem, request.scope, request.scope["request_id"]),
        status_code=int(problem.status),
        media_type="application/problem+json",
        headers=problem_headers(problem),
    )


def _http_error(request: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException) and error.status_code == 405:
        return _problem(request, MethodNotAllowed(allow=(error.headers or {}).get("Allow", "GET")))
    return _problem(request, NoSuchPage())


def _fault(request: Request, _: Exception) -> Response:
    return _problem(request, InternalFault())
