"""Projections on the command line: `python -m cli rebuild financing.evidence`, while all runs."""

import contextlib
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from typing import Annotated

import psutil
import typer

from cli import leash, running
from cli.failures import CannotGoOn
from cli.places import ROOT, Places
from cli.screen import Screen, said

SCREEN = Screen()

Consumer = Annotated[str, typer.Argument(help="As the operations of its service name it.")]
FromArchive = Annotated[bool, typer.Option(help="Bring back first what the log has lost.")]
Told = dict[str, str | int | float]


def rebuild(consumer: Consumer, *, from_archive: FromArchive = False) -> None:
    """Make a projection anew from its events, and show what was wrong with the old one."""
    platform = running.required(running.Register(Places.asked().run))
    rows = []
    for told in rebuilt(platform, consumer, from_archive=from_archive):
        if told["event"] == "rebuild.equal":
            rows.append([str(told[each]) for each in ("table", "added", "mended", "removed")])
        elif progress := sentence(told):
            SCREEN.say(progress)
    SCREEN.table(titles(), rows)


def sentence(told: Told) -> str:
    """Return what a person wants to know of the progress."""
    if told["event"] == "rebuild.read":
        read, left = told["records"], told["left"]
        return said(id=f"{read} dibaca, {left} lagi", en=f"{read} read, {left} to go")
    if told["event"] == "rebuild.taken_over":
        waited = told["live_waited_seconds"]
        return said(
            id=f"konsumen yang berjalan menunggu {waited} s",
            en=f"the live consumer waited {waited} s",
        )
    return ""


def titles() -> tuple[str, str, str, str]:
    """Return the head of the table that says what was wrong."""
    return (
        said(id="tabel", en="table"),
        said(id="ditambah", en="added"),
        said(id="dibetulkan", en="mended"),
        said(id="dihapus", en="removed"),
    )


def rebuilt(platform: running.Platform, consumer: str, *, from_archive: bool) -> Iterator[Told]:
    """Run the kernel's commands as the services would, and give what they tell."""
    service = consumer.split(".")[0]
    words = ["kernel.rebuild", f"services.{service}", "--consumer", consumer]
    replay = []
    if from_archive:
        name = f"{datetime.now(UTC):%Y%m%d-%H%M%S}"
        replay = ["--replay", name]
        (answer,) = run(platform, service, *words, "--topics")
        for owner, topics in groupby(str(answer["event"]).split(","), lambda t: t.split(".")[0]):
            copied = ["--topics", ",".join(topics), *replay]
            yield from run(platform, owner, "kernel.archive", f"services.{owner}", *copied)
    yield from run(platform, service, *words, *replay)


def run(platform: running.Platform, service: str, *words: str) -> Iterator[Told]:
    """Run a module beside a service; CannotGoOn with its last line when it fails."""
    env = environment_of(platform, service)
    argv = leash.command(sys.executable, "-m", *words, ends_with=signal.SIGTERM)
    last = ""
    with subprocess.Popen(
        argv, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        for line in process.stdout or ():
            last = line.strip()
            yield json.loads(last) if last.startswith("{") else {"event": last}
    if process.returncode:
        raise CannotGoOn(
            id=f"Proyeksi tidak dibangun ulang: {last}", en=f"The projection is not rebuilt: {last}"
        )


def environment_of(platform: running.Platform, service: str) -> dict[str, str]:
    """Return what the service's own process finds in its environment."""
    supervisor = platform.process()
    for process in supervisor.children(recursive=True) if supervisor else ():
        with contextlib.suppress(psutil.Error):
            env = process.environ()
            if env.get("DATABASE_URL") == platform.databases.get(service, "?"):
                return env
    raise CannotGoOn(
        id=f"Layanan {service} tidak berjalan: lihat make status.",
        en=f"No service {service} runs: see make status.",
    )
