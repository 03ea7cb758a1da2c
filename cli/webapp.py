"""A web application of the platform as a child process: on 127.0.0.1."""

import http.client
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from cli import ports
from cli.children import end, launch
from cli.places import ROOT

DRAIN_SECONDS = 8
GATEWAY = ("-m", "gateway")


def uvicorn(factory: str, port: int) -> tuple[str, ...]:
    """Return python's arguments that serve `services.registry.app:create_app` on a port."""
    return (
        *("-m", "uvicorn", "--factory", "--no-access-log", "--no-server-header"),
        *("--host", ports.HOST, "--port", str(port)),
        *("--timeout-graceful-shutdown", str(DRAIN_SECONDS), factory),
    )


class WebApp:
    """One application: a Python program that listens on a port, with its own environment."""

    def __init__(
        self,
        name: str,
        *,
        program: Sequence[str],
        port: int,
        env: Mapping[str, str],
        log: Path,
    ) -> None:
        self.name = name
        self.program = program
        self.port = port
        self.env = env
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process; CannotGoOn when another program has its port."""
        ports.claim(self.port, for_=self.name)
        argv = [sys.executable, *self.program]
        self.process = launch(argv, log=self.log, cwd=ROOT, env=self.env)

    def stop(self) -> None:
        """Let it finish what it is doing, then end it."""
        end(self.process, grace=2 * DRAIN_SECONDS)

    def running(self) -> bool:
        """Say whether the process lives."""
        return self.process is not None and self.process.poll() is None

    def ready(self) -> bool:
        """Say whether it takes requests."""
        return self.running() and is_ready(self.port)


def is_ready(port: int) -> bool:
    """Ask /health/ready; False when nothing answers 200 within two seconds."""
    connection = http.client.HTTPConnection(ports.HOST, port, timeout=2)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
