"""Where a request meets the service: its id, its trace, its log line, its numbers."""

import time
from uuid import uuid4

import structlog
from opentelemetry.trace import SpanKind
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kernel.faults import answer_a_bug
from kernel.telemetry import REQUEST_SECONDS, REQUESTS, context_of, tracer

log = structlog.get_logger("http")
REQUEST_ID_MAX = 128
QUIET_PATHS = ("/health/", "/metrics")


class Edge:
    """ASGI middleware. It names routes, never paths or queries: nothing personal is written."""

    def __init__(self, app: ASGIApp, *, service: str) -> None:
        self.app = app
        self.service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request inside its trace, and write it down."""
        if scope["type"] != "http" or scope["path"].startswith(QUIET_PATHS):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request_id = _sane(headers.get("x-request-id"))
        scope.setdefault("state", {})["request_id"] = request_id
        parent = context_of(headers.get("traceparent"))
        with tracer.start_as_current_span(
            scope["method"],
            context=parent,
            kind=SpanKind.SERVER,
            record_exception=False,  # its text may quote a row
            set_status_on_exception=False,
        ) as span:
            status, seconds = await self._serve(scope, receive, send, request_id=request_id)
            route = _route(scope)
            span.update_name(f"{scope['method']} {route}")
            span.set_attribute("http.route", route)
            span.set_attribute("http.response.status_code", status)
            self._write_down(scope["method"], route, status, seconds, request_id)

    async def _serve(
        self, scope: Scope, receive: Receive, send: Send, *, request_id: str
    ) -> tuple[int, float]:
        status, started = 500, time.perf_counter()

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = request_id
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            await self._without_bugs(scope, receive, answer)
        return status, time.perf_counter() - started

    async def _without_bugs(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a bug here: the server would log its text, and the 500 would not be counted."""
        begun = False

        async def noticed(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, noticed)
        except Exception as error:
            response = await answer_a_bug(Request(scope), error)
            if begun:
                raise
            await response(scope, receive, send)

    def _write_down(
        self, method: str, route: str, status: int, seconds: float, request_id: str
    ) -> None:
        REQUESTS.labels(self.service, method, route, status).inc()
        REQUEST_SECONDS.labels(self.service, method, route).observe(seconds)
        log.info(
            "http.answered",
            method=method,
            route=route,
            status=status,
            milliseconds=round(seconds * 1000, 2),
            request_id=request_id,
        )


def _route(scope: Scope) -> str:
    return getattr(scope.get("route"), "path", "unlisted")


def _sane(given: str | None) -> str:
    if (
        given
        and len(given) <= REQUEST_ID_MAX
        and given.replace("-", "").isalnum()
        and given.isascii()
    ):
        return given
    return uuid4().hex
