"""Brings the services' databases to the newest schema, in a process of its own."""

import json
import signal
import subprocess
import sys

from cli import environment, leash
from cli.failures import CannotGoOn
from cli.places import ROOT


def migrate(databases: dict[str, str]) -> None:
    """Migrate service -> URL; CannotGoOn with the last line said when one fails."""
    argv = [sys.executable, "-m", "cli.schema"]
    done = subprocess.run(
        leash.command(*argv, ends_with=signal.SIGTERM),
        cwd=ROOT,
        env=environment.inherited(),
        input=json.dumps(databases),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise cannot_migrate(done.stdout)


def cannot_migrate(said: str) -> CannotGoOn:
    """Return the failure that quotes the last line of the migrations."""
    last = (said.strip().splitlines() or ["?"])[-1]
    return CannotGoOn(
        id=f"Skema basis data tidak dapat diperbarui ({last}): perbaiki, lalu make migrate.",
        en=f"The databases cannot be migrated ({last}): mend the cause, then make migrate.",
    )
