"""Brings the services' databases to the newest schema, all at the same time."""

import signal
import subprocess
import sys

from cli import environment, leash
from cli.failures import CannotGoOn
from cli.places import ROOT


def migrate(databases: dict[str, str]) -> None:
    """Migrate service -> URL; CannotGoOn with the last line of the first that fails."""
    running = {name: begin(name, url) for name, url in databases.items()}
    said = {name: process.communicate()[0] for name, process in running.items()}
    for name, process in running.items():
        if process.returncode != 0:
            raise cannot_migrate(name, said[name])


def begin(name: str, url: str) -> subprocess.Popen[str]:
    """Start the migration of one service."""
    argv = [sys.executable, "-m", "kernel.migrations", f"services.{name}"]
    return subprocess.Popen(
        leash.command(*argv, ends_with=signal.SIGTERM),
        cwd=ROOT,
        env=environment.inherited() | {"DATABASE_URL": url},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def cannot_migrate(name: str, said: str) -> CannotGoOn:
    """Return the failure that quotes the last line of a migration."""
    last = (said.strip().splitlines() or ["?"])[-1]
    return CannotGoOn(
        id=f"Skema {name} tidak dapat diperbarui ({last}): perbaiki, lalu make migrate.",
        en=f"The schema of {name} cannot be migrated ({last}): mend it, then make migrate.",
    )
