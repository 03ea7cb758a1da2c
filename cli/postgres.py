"""The embedded PostgreSQL: the wheel's own server, a child of this process, on 127.0.0.1 only."""

import re
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import IO

from cli import cluster, ports, reach
from cli.children import end, launch, pause
from cli.secrets import Passwords

START_SECONDS = 60.0
STOP_SECONDS = 30.0
SETTINGS = {
    "listen_addresses": ports.HOST,
    "unix_socket_directories": "",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
WITHOUT_DURABILITY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
OLD_MEMORY = "pre-existing shared memory"
CREATE = """\
\\set role '{role}'
\\set name '{name}'
\\set password '{password}'
SELECT format('CREATE ROLE %I', :'role')
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \\gexec
ALTER ROLE :"role" LOGIN PASSWORD :'password';
SELECT format('CREATE DATABASE %I OWNER %I', :'name', :'role')
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \\gexec
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
"""


class EmbeddedPostgres:
    """One PostgreSQL 18 with its data in `folder`; `durable=False` (tests) gives up crash safety.

    As root the server runs as `nobody`; below a folder closed to others, data and binaries live
    in /var/lib/anyam instead. The server ends with the process that called `start` (see cli/leash).
    """

    name = "postgres"

    def __init__(
        self,
        folder: Path,
        port: int = 0,
        *,
        durable: bool = True,
        keys: Path | None = None,
        log: Path | None = None,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.home = reach.home_for(folder.absolute())
        self.data = self.home / "data"
        self.log = log or self.home / "postgres.log"
        self.keys = keys or self.home / "keys"
        self.passwords = Passwords(self.keys / "postgres.json")
        self.asked_port = self.port = port
        self.durable = durable
        self.claimed: IO[str] | None = None
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Create the data folder if it is new, start the server and wait until it answers.

        CannotGoOn: the port is taken; the folder is in use, broken or of another version.
        """
        self.claimed = cluster.claim(reach.open_folder(self.home))
        try:
            self.prepare()
            self.run(deadline=time.monotonic() + START_SECONDS)
        except BaseException:
            self.stop()
            raise

    def prepare(self) -> None:
        """Make what the server needs: binaries, a free port, an initialised data folder."""
        self.binaries = cluster.find_binaries()
        cluster.end_leftover(self.data)
        self.port = ports.claim(self.asked_port, for_="PostgreSQL")
        cluster.initialise(
            self.home,
            binaries=self.binaries,
            password=self.passwords.of(cluster.SUPERUSER),
            durable=self.durable,
        )

    def stop(self) -> None:
        """Stop the server by a fast shutdown: sessions are cut, nothing committed is lost."""
        end(self.process, first=signal.SIGINT, grace=STOP_SECONDS)
        if self.claimed is not None:
            self.claimed.close()

    def running(self) -> bool:
        """Say whether the server's process lives."""
        return self.process is not None and self.process.poll() is None

    def ready(self) -> bool:
        """Say whether the server accepts connections."""
        return self.running() and says_ready(self.data / "postmaster.pid")

    def remove(self) -> None:
        """Stop the server and delete its data."""
        self.stop()
        shutil.rmtree(self.home)

    def url(self, database: str, role: str) -> str:
        """Return `postgresql://role:password@127.0.0.1:port/database`."""
        return f"postgresql://{role}:{self.passwords.of(role)}@{ports.HOST}:{self.port}/{database}"

    def create_database(self, name: str, role: str | None = None) -> str:
        """Create the database and its owner, unless they exist; return the owner's URL.

        The owner (named like the database if not given) is no superuser; nobody else may connect.
        """
        role = role or name
        if not all(re.fullmatch("[a-z][a-z0-9_]{0,62}", word) for word in (name, role)):
            raise ValueError(f"not a plain database or role name: {name!r}, {role!r}")
        self.execute(CREATE.format(name=name, role=role, password=self.passwords.of(role)))
        return self.url(name, role)

    def drop_database(self, name: str) -> None:
        """Drop the database, whoever is connected to it; its owner stays."""
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE);')

    def execute(self, script: str) -> str:
        """Run a psql script as the superuser; return its output: unaligned, without headers."""
        address = ["-h", ports.HOST, "-p", str(self.port), "-U", cluster.SUPERUSER, "postgres"]
        done = subprocess.run(
            [self.binaries / "psql", "-XqAt", "-v", "ON_ERROR_STOP=1", *address],
            input=script,
            env={"PGPASSWORD": self.passwords.of(cluster.SUPERUSER), "PGCLIENTENCODING": "UTF8"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(f"psql: {done.stderr.strip()}")
        return done.stdout

    def run(self, *, deadline: float) -> None:
        """Start the server and wait for it; again while the memory of a killed one is in use."""
        begin = self.log.stat().st_size if self.log.exists() else 0
        self.process = launch(
            self.argv(),
            log=self.log,
            ends_with=signal.SIGINT,
            user=reach.unprivileged(),
            cwd=Path("/"),
        )
        if self.becomes_ready(deadline):
            return
        end(self.process, first=signal.SIGINT, grace=STOP_SECONDS)
        said = self.log.read_bytes()[begin:].decode(errors="replace")
        if OLD_MEMORY not in said or time.monotonic() > deadline:
            raise cluster.cannot_start(said, self.log)
        self.run(deadline=deadline)

    def becomes_ready(self, deadline: float) -> bool:
        """Wait until the server accepts connections; False when it ends or time is up."""
        while self.running() and time.monotonic() < deadline:
            if self.ready():
                return True
            pause(self.process)
        return False

    def argv(self) -> list[str]:
        """Return the server's command line."""
        settings = SETTINGS | ({} if self.durable else WITHOUT_DURABILITY)
        options = [part for item in settings.items() for part in ("-c", "=".join(item))]
        server = [str(self.binaries / "postgres"), "-D", str(self.data), "-p", str(self.port)]
        return [*server, *options]


def says_ready(pid_file: Path) -> bool:
    """Say whether the eighth line of the server's pid file reads `ready`."""
    try:
        lines = pid_file.read_text().splitlines()
    except OSError:
        return False
    return len(lines) > 7 and lines[7].strip() == "ready"
