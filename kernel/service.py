"""A service as a table of contents: its tables, its routers, its reactions, its timers."""

import asyncio
import gc
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog
import uvicorn
from fastapi import APIRouter, FastAPI
from sqlmodel import SQLModel

from kernel import telemetry
from kernel.operations import operations_router
from kernel.settings import ServiceSettings
from kernel.subscriptions import Subscriptions
from kernel.timers import Recurring
from kernel.transport.choice import open_transport
from kernel.web import service_app
from kernel.worker import Worker

log = structlog.get_logger("service")


@dataclass(frozen=True)
class Service:
    """Everything one service is made of; the same for its web process and its worker."""

    name: str
    title: str
    tables: type[SQLModel]
    routers: Sequence[APIRouter]
    subscriptions: Sequence[Subscriptions] = ()
    timers: Sequence[Recurring] = ()
    row_security: bool = False

    def app(self, settings: ServiceSettings) -> FastAPI:
        """Return the web application; with `worker_in_app` its worker lives and dies with it."""
        return service_app(
            service=self.name,
            title=self.title,
            settings=settings,
            routers=(*self.routers, operations_router(self.name, self.subscriptions)),
            lifespan=self._with_worker if settings.worker_in_app else self._without_worker,
            row_security=self.row_security,
        )

    def run_worker(self, settings: ServiceSettings) -> None:
        """Run the worker as a process of its own, until SIGTERM or SIGINT.

        It answers /health/live, /health/ready and /metrics on `settings.worker_port`.
        """
        app = service_app(
            service=self.name,
            title=self.title,
            settings=settings,
            routers=(),
            lifespan=self._with_worker,
            row_security=self.row_security,
        )
        host = "0.0.0.0"  # noqa: S104 - a container's own address
        uvicorn.run(app, host=host, port=settings.worker_port, log_config=None)

    @asynccontextmanager
    async def _without_worker(self, app: FastAPI) -> AsyncIterator[None]:
        telemetry.configure(service=self.name, settings=app.state.settings)
        spare_what_stays()
        yield

    @asynccontextmanager
    async def _with_worker(self, app: FastAPI) -> AsyncIterator[None]:
        settings: ServiceSettings = app.state.settings
        telemetry.configure(service=self.name, settings=settings)
        transport = open_transport(
            kafka_bootstrap_servers=settings.kafka_bootstrap_servers,
            log_database_url=settings.log_database_url,
        )
        worker = Worker(
            app.state.database, self.name, transport, self.subscriptions, timers=self.timers
        )
        working = asyncio.create_task(worker.run())
        working.add_done_callback(_end_the_process_on_a_fault)
        spare_what_stays()
        yield
        worker.stop()
        await asyncio.wait([working])
        await transport.close()


def spare_what_stays() -> None:
    """Let the garbage collector pass over what was loaded at the start; it lives as long as we."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _end_the_process_on_a_fault(working: "asyncio.Task[None]") -> None:
    """A process whose worker died must not look healthy: its supervisor starts another."""
    error = None if working.cancelled() else working.exception()
    if error is not None:
        log.error("worker.died", error_class=type(error).__name__)
        signal.raise_signal(signal.SIGTERM)
