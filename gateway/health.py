"""Whether the gateway lives, and whether it and the services can take work."""

import asyncio
from collections.abc import Mapping

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from gateway.asking import ask
from gateway.upstream import Upstream
from kernel.problems import Problem

READY_TIMEOUT = 1.0


class Drain:
    """Set once, when the process was told to end: not ready any more, but still serving."""

    def __init__(self) -> None:
        self.started = False

    def start(self) -> None:
        """Tell readiness checks that no new work should come."""
        self.started = True


class Health:
    """Asks every service whether it is ready."""

    def __init__(self, upstreams: Mapping[str, Upstream], drain: Drain) -> None:
        self._upstreams = upstreams
        self._drain = drain

    async def services(self) -> dict[str, bool]:
        """Return the readiness of every service by its name."""
        names = list(self._upstreams)
        ready = await asyncio.gather(*(self._is_ready(self._upstreams[name]) for name in names))
        return dict(zip(names, ready, strict=True))

    async def ready(self) -> JSONResponse:
        """Answer 200 when all services are ready and the gateway is not about to end, else 503."""
        services = await self.services()
        ready = all(services.values()) and not self._drain.started
        status = "draining" if self._drain.started else ("ready" if ready else "not ready")
        return JSONResponse(
            {"status": status, "services": services}, status_code=200 if ready else 503
        )

    async def _is_ready(self, upstream: Upstream) -> bool:
        try:
            return (await ask(upstream, "/health/ready", within=READY_TIMEOUT)).status == 200
        except (Problem, TimeoutError, OSError):
            return False


def router(health: Health) -> APIRouter:
    """Return the endpoints for whoever watches the process."""
    routes = APIRouter(tags=["health"])

    @routes.get("/health/live")
    async def live() -> dict[str, str]:
        """The process runs."""
        return {"status": "live"}

    @routes.get("/health/ready")
    async def ready() -> JSONResponse:
        """The process and all services can take work."""
        return await health.ready()

    @routes.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        """The counters of this process, for Prometheus."""
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return routes
