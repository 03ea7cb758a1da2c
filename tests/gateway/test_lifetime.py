"""Readiness, and an end without a dropped request."""

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from tests.gateway.world import (
    Door,
    Mirror,
    answer,
    gateway,
    make_settings,
    raw_server,
    request_head,
    served,
    unused_url,
)
from tests.waiting import until


async def test_it_lives(door: Door) -> None:
    assert (await door.http.get("/health/live")).json() == {"status": "live"}


async def test_it_is_ready_when_every_service_is(tmp_path: Path) -> None:
    async with served(Mirror()) as url, gateway(tmp_path, upstream=url) as door:
        answered = await door.http.get("/health/ready")

    assert answered.status_code == 200
    assert answered.json()["status"] == "ready"


async def test_it_is_not_ready_without_one_of_them(tmp_path: Path) -> None:
    async with (
        served(Mirror()) as url,
        gateway(tmp_path, upstream=url, financing_url=unused_url()) as door,
    ):
        answered = await door.http.get("/health/ready")

    assert answered.status_code == 503
    assert answered.json()["services"]["financing"] is False


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(folder: Path, port: int, upstream: str) -> dict[str, str]:
    routes = folder / "routes.json"
    entry = {"method": "GET", "path": "/v1/items/{item_id}", "service": "export", "scope": None}
    routes.write_text(json.dumps([{**entry, "operation_id": "public_item"}]))
    settings = make_settings(
        folder, upstream=upstream, port=port, routes_file=routes, drain_seconds=3.0
    )
    plain = {name.upper(): str(value) for name, value in settings.model_dump().items()}
    secrets = {
        "GATEWAY_SIGNING_KEY": settings.gateway_signing_key.get_secret_value(),
        "INTERNAL_SIGNING_KEY": settings.internal_signing_key.get_secret_value(),
    }
    return {**os.environ, **plain, **secrets}


PATIENCE = 60
"""Seconds: a busy machine may need that long to start a process."""


@asynccontextmanager
async def process(known: dict[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run the gateway as a process of its own; none is left behind."""
    command = (sys.executable, "-m", "gateway")
    running = await asyncio.create_subprocess_exec(*command, env=known)
    try:
        yield running
    finally:
        if running.returncode is None:
            running.kill()
            await running.wait()


class FinishesLater:
    """A service that is ready, and answers when it is told to."""

    def __init__(self) -> None:
        self.asked, self.go_on = asyncio.Event(), asyncio.Event()

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer health at once, anything else after `go_on`."""
        if b"/health/" not in await request_head(reader):
            self.asked.set()
            await self.go_on.wait()
        writer.write(answer(b"finished"))
        await writer.drain()


async def test_told_to_end_it_finishes_what_runs_and_exits_with_zero(
    tmp_path: Path, free_port: int
) -> None:
    service = FinishesLater()
    async with (
        raw_server(service) as url,
        process(environment(tmp_path, free_port, url)) as running,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{free_port}", timeout=PATIENCE) as http,
    ):
        await told(http, 200)
        last = asyncio.create_task(http.get("/v1/items/1"))
        await service.asked.wait()
        running.send_signal(signal.SIGTERM)
        await told(http, 503)
        service.go_on.set()
        finished = await last
        code = await asyncio.wait_for(running.wait(), PATIENCE)

    assert finished.text == "finished"
    assert code == 0


async def told(http: httpx.AsyncClient, status: int) -> None:
    async def tells() -> bool:
        return await status_of(http, "/health/ready") == status

    await until(tells, seconds=PATIENCE)


async def status_of(http: httpx.AsyncClient, path: str) -> int:
    try:
        return (await http.get(path)).status_code
    except httpx.ConnectError:
        return 0
