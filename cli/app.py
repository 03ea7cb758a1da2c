"""The commands of `anyam`, as `make` calls them: `python -m cli up`."""

import os
import shutil
import sys
from typing import Annotated

import typer

from cli import (
    audit,
    dead_letters,
    environment,
    generating,
    importing,
    migrating,
    parked,
    platform,
    reach,
    rebuilding,
    running,
)
from cli.failures import CannotGoOn
from cli.places import Places, Ports
from cli.screen import Screen, said
from cli.webapp import is_ready

app = typer.Typer(name="anyam", add_completion=False, no_args_is_help=True)
app.add_typer(dead_letters.app, name="dead-letters")
app.add_typer(parked.app, name="parked")
app.add_typer(audit.app, name="audit")
app.command()(rebuilding.rebuild)
app.command()(generating.generate)
app.command("import")(importing.import_)
PLACES = Places.asked()
SCREEN = Screen()


def main() -> None:
    """Run a command; what a person has to change is one sentence and exit code 1."""
    try:
        app()
    except CannotGoOn as failure:
        sys.exit(failure.sentence())
    except OSError as error:
        if error.filename is None:
            raise
        sys.exit(unusable(error))


def unusable(error: OSError) -> str:
    """Return the sentence about a file that cannot be used: no permission, no space, no folder."""
    return said(
        id=f"{error.filename} tidak dapat dipakai ({error.strerror}): ubah pemilik, izin, atau "
        "tempatnya (ANYAM_VAR), lalu ulangi.",
        en=f"{error.filename} cannot be used ({error.strerror}): change its owner, its mode or "
        "the place (ANYAM_VAR), then try again.",
    )


@app.command()
def up(
    story: Annotated[bool, typer.Option(help="Load the story after the start.")] = True,
) -> None:
    """Start the platform on this machine and keep it running until Ctrl-C."""
    register = running.Register(PLACES.run)
    with register.held():
        local = platform.LocalPlatform(places=PLACES, ports=Ports.asked(), screen=SCREEN)
        local.up(with_story=story and os.environ.get("STORY") != "0")


@app.command()
def down() -> None:
    """Stop the platform that runs from this clone."""
    stopped = running.stop(running.Register(PLACES.run))
    SCREEN.say(
        said(id="Platform berhenti.", en="The platform has stopped.")
        if stopped
        else said(id="Platform tidak berjalan.", en="The platform does not run.")
    )


@app.command()
def status() -> None:
    """Show what runs, and whether it is ready; exit code 1 when nothing runs."""
    current = running_platform()
    ready = said(id="siap", en="ready")
    waiting = said(id="belum siap", en="not ready")
    rows = [
        (name, f"http://127.0.0.1:{port}", ready if is_ready(port) else waiting)
        for name, port in current.addresses.items()
    ]
    SCREEN.table((said(id="proses", en="process"), said(id="alamat", en="address"), ""), rows)


@app.command()
def story() -> None:
    """Tell the story on the running platform."""
    sys.exit(platform.story(PLACES, gateway=running_platform().gateway))


@app.command()
def migrate() -> None:
    """Bring the databases to the newest schema, of the running platform or of var/postgres."""
    current = running.Register(PLACES.run).current()
    if current:
        migrating.migrate(current.databases)
        return
    server = platform.embedded_postgres(PLACES, Ports.asked())
    server.start()
    try:
        migrating.migrate(environment.databases(server))
    finally:
        server.stop()


@app.command()
def clean() -> None:
    """Delete all data of the platform on this machine (var/); refused while it runs."""
    if running.Register(PLACES.run).locked():
        raise CannotGoOn(
            id="Platform masih berjalan: hentikan dulu dengan make down, lalu make clean.",
            en="The platform is still running: stop it first with make down, then make clean.",
        )
    for folder in {reach.home_for(PLACES.postgres), PLACES.var}:
        if folder.exists():
            shutil.rmtree(folder)


def running_platform() -> running.Platform:
    """Return the platform of this clone; CannotGoOn when none runs."""
    return running.required(running.Register(PLACES.run))
