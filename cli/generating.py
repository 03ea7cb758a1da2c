"""Invented families on the command line: as a file to import, or straight into the registry."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from cli import cluster, environment, leash, running
from cli.failures import CannotGoOn
from cli.places import ROOT, Places, Ports
from cli.platform import embedded_postgres
from cli.rebuilding import environment_of
from cli.screen import Screen, said

SCREEN = Screen()
MOST = 20_000_000

Households = Annotated[int, typer.Argument(min=1, max=MOST, help="How many families.")]
File = Annotated[
    Path | None, typer.Option(help="A CSV file to import; without it, into the running registry.")
]


def generate(households: Households, *, file: File = None) -> None:
    """Invent families: nobody is meant, every number is one that no person can have."""
    if file is not None:
        run(["file", str(file), str(households)], environment.inherited())
        return
    places = Places.asked()
    platform = running.required(running.Register(places.run))
    run(["tables", superusers_url(places), str(households)], environment_of(platform, "registry"))


def superusers_url(places: Places) -> str:
    """Return where the registry's tables are filled past row security, which COPY needs.

    `REGISTRY_SUPERUSER_URL` names it where PostgreSQL is not the embedded one.
    """
    given = os.environ.get("REGISTRY_SUPERUSER_URL")
    if given:
        return given
    server = embedded_postgres(places, Ports.asked())
    return server.url("registry", cluster.SUPERUSER)


def run(words: Sequence[str], env: Mapping[str, str]) -> None:
    """Run the registry's generator in a process of its own; CannotGoOn when it fails."""
    argv = [sys.executable, "-m", "services.registry.population", *words]
    done = subprocess.run(
        leash.command(*argv, ends_with=signal.SIGTERM), cwd=ROOT, env=dict(env), check=False
    )
    if done.returncode:
        raise CannotGoOn(
            id="Keluarga rekaan tidak dibuat: lihat pesan di atas.",
            en="No families were invented: see the message above.",
        )
    SCREEN.done(said(id="keluarga rekaan dibuat", en="families were invented"))
