"""Serves the gateway with its own limits, and ends it without dropping a request."""

import signal
import time
from types import FrameType

import uvicorn

from gateway.app import Gateway
from gateway.protocol import FrontDoor
from gateway.settings import Settings

SHUTDOWN_SECONDS = 30
BACKLOG = 2048


class GatewayServer(uvicorn.Server):
    """On SIGTERM says "not ready", then accepts no more, finishes what runs, and exits with 0."""

    def __init__(self, config: uvicorn.Config, gateway: Gateway, *, drain_seconds: float) -> None:
        super().__init__(config)
        self._gateway = gateway
        self._drain_seconds = drain_seconds
        self._ends_at = float("inf")

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to drain; a second signal ends the wait."""
        if self._gateway.drain.started:
            self._ends_at = 0.0
            self.force_exit = sig == signal.SIGINT
            return
        self._gateway.drain.start()
        self._ends_at = time.monotonic() + self._drain_seconds

    async def on_tick(self, counter: int) -> bool:
        """Tell the main loop when the drain is over."""
        return await super().on_tick(counter) or time.monotonic() >= self._ends_at


def config(
    gateway: Gateway, settings: Settings, *, protocol: type[FrontDoor] = FrontDoor
) -> uvicorn.Config:
    """Return how the gateway is served."""
    return uvicorn.Config(
        gateway,
        host=settings.host,
        port=settings.port,
        http=protocol,
        ws="none",
        loop="uvloop",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        backlog=BACKLOG,
        log_level="warning",
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )


def server(
    gateway: Gateway, settings: Settings, *, protocol: type[FrontDoor] = FrontDoor
) -> GatewayServer:
    """Return the server of this gateway, ready to run."""
    how = config(gateway, settings, protocol=protocol)
    return GatewayServer(how, gateway, drain_seconds=settings.drain_seconds)
