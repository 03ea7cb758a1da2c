"""Where the platform of this clone keeps its files, and on which ports it listens."""

import os
from dataclasses import dataclass
from pathlib import Path

from cli import ports
from cli.failures import CannotGoOn

ROOT = Path(__file__).parents[1]
SERVICES = ("registry", "empowerment", "export", "financing")
FIRST_PORT = 8000
PORTS_NEEDED = 8


@dataclass(frozen=True)
class Places:
    """The folders below `var`, made on demand."""

    var: Path

    @classmethod
    def asked(cls) -> "Places":
        """Return `var` in this clone, or where ANYAM_VAR points."""
        return cls(Path(os.environ.get("ANYAM_VAR") or ROOT / "var").absolute())

    @property
    def keys(self) -> Path:
        """Secrets, readable by their owner only."""
        return self.folder("keys", mode=0o700)

    @property
    def logs(self) -> Path:
        """One log a process."""
        return self.folder("log")

    @property
    def run(self) -> Path:
        """What runs now."""
        return self.folder("run")

    @property
    def postgres(self) -> Path:
        """The embedded PostgreSQL."""
        return self.var / "postgres"

    @property
    def kafka(self) -> Path:
        """The development broker."""
        return self.var / "kafka"

    def folder(self, name: str, *, mode: int = 0o755) -> Path:
        """Return a folder below `var` that exists."""
        path = self.var / name
        path.mkdir(mode=mode, parents=True, exist_ok=True)
        return path


@dataclass(frozen=True)
class Ports:
    """Eight ports in a row: gateway, four services, PostgreSQL, Kafka and its controller."""

    first: int = FIRST_PORT

    @property
    def gateway(self) -> int:
        """The only door."""
        return self.first

    def service(self, name: str) -> int:
        """The port of a service; 127.0.0.1 only, like all of them."""
        return self.first + 1 + SERVICES.index(name)

    @property
    def postgres(self) -> int:
        """The embedded PostgreSQL."""
        return self.first + 5

    @property
    def kafka(self) -> int:
        """The development broker."""
        return self.first + 6

    @property
    def kafka_controller(self) -> int:
        """The broker's own controller."""
        return self.first + 7

    def listed(self) -> dict[str, int]:
        """Return every application's port by its name, the gateway first."""
        return {"gateway": self.gateway} | {name: self.service(name) for name in SERVICES}

    def require_free(self) -> None:
        """Raise CannotGoOn when another program has the port of an application."""
        for name, port in self.listed().items():
            ports.claim(port, for_=name)

    @classmethod
    def asked(cls) -> "Ports":
        """Return the ports that ANYAM_PORT asks for; CannotGoOn when it is no usable port."""
        text = os.environ.get("ANYAM_PORT") or str(FIRST_PORT)
        if not text.isdigit() or not 1024 <= int(text) <= 65535 - PORTS_NEEDED:
            raise CannotGoOn(
                id=f"ANYAM_PORT={text} bukan porta: pilih angka 1024 sampai 65527.",
                en=f"ANYAM_PORT={text} is no port: choose a number from 1024 to 65527.",
            )
        return cls(int(text))


def address(port: int) -> str:
    """Return the URL of what listens on `port`."""
    return f"http://{ports.HOST}:{port}"
