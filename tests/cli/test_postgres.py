"""The embedded PostgreSQL: it keeps what it was given, and it never stays behind."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest

from cli import ports, reach
from cli.failures import CannotGoOn
from cli.places import ROOT
from cli.postgres import EmbeddedPostgres

OWNER = """
import sys
from pathlib import Path
from cli.postgres import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]), durable=False)
server.start()
print(server.process.pid, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """Give an empty folder that anybody can reach (pytest's own are closed to others)."""
    with tempfile.TemporaryDirectory(prefix="anyam-test-") as path:
        Path(path).chmod(0o711)
        yield Path(path)


@pytest.fixture
def server(folder: Path) -> Iterator[EmbeddedPostgres]:
    """Give a server of its own, started, to be stopped and broken."""
    own = EmbeddedPostgres(folder)
    own.start()
    yield own
    own.stop()


def test_a_restart_keeps_data_and_passwords(server: EmbeddedPostgres) -> None:
    before = server.create_database("registry")
    server.execute("CREATE TABLE kept AS SELECT 42 AS answer;")

    server.stop()
    server.start()

    assert server.execute("SELECT answer FROM kept;").strip() == "42"
    assert server.create_database("registry").partition("@")[0] == before.partition("@")[0]


def test_a_pid_file_that_names_a_stranger_is_forgotten(server: EmbeddedPostgres) -> None:
    server.stop()
    (server.data / "postmaster.pid").write_text(f"{os.getppid()}\n{server.data}\n")

    server.start()

    assert server.execute("SELECT 1;").strip() == "1"


def test_a_killed_server_starts_again(server: EmbeddedPostgres) -> None:
    server.execute("CREATE TABLE kept AS SELECT 42 AS answer;")
    assert server.process is not None
    server.process.kill()
    server.process.wait()

    server.stop()
    server.start()

    assert server.execute("SELECT answer FROM kept;").strip() == "42"


async def test_no_role_enters_the_database_of_another(server: EmbeddedPostgres) -> None:
    server.create_database("registry")
    server.create_database("export")

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asyncpg.connect(server.url("registry", role="export"))


async def test_a_wrong_password_is_refused(server: EmbeddedPostgres) -> None:
    url = server.create_database("registry")

    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(url.replace("@", "x@"))


def test_passwords_are_for_the_owner_only(server: EmbeddedPostgres) -> None:
    server.create_database("registry")

    assert (server.keys / "postgres.json").stat().st_mode & 0o077 == 0


def test_a_taken_port_is_one_sentence_that_says_what_to_do(
    postgres: EmbeddedPostgres, folder: Path
) -> None:
    second = EmbeddedPostgres(folder, postgres.port, durable=False)

    with pytest.raises(CannotGoOn, match=r"^Port \d+ .* taken .*ANYAM_PORT=<another port> make up"):
        second.start()


def test_two_owners_of_one_folder_are_refused(server: EmbeddedPostgres) -> None:
    with pytest.raises(CannotGoOn, match="in use by another platform: stop it with make down"):
        EmbeddedPostgres(server.home, durable=False).start()


def test_a_broken_data_folder_is_one_sentence(folder: Path) -> None:
    broken = EmbeddedPostgres(folder, durable=False)
    broken.data.mkdir()
    (broken.data / "base").touch()

    with pytest.raises(CannotGoOn, match=r"not an intact data folder .* make clean"):
        broken.start()


def test_a_corrupt_cluster_is_one_sentence_with_the_log(server: EmbeddedPostgres) -> None:
    server.stop()
    (server.data / "global" / "pg_control").unlink()

    with pytest.raises(CannotGoOn, match=r"cannot start .*postgres\.log"):
        server.start()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the next start ends what is left")
def test_the_server_ends_with_an_owner_that_was_killed(folder: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, str(folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as owner:
        assert owner.stdout is not None
        server = psutil.Process(int(owner.stdout.readline()))

        owner.send_signal(signal.SIGKILL)

    assert psutil.wait_procs([server], timeout=20)[1] == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
def test_below_a_closed_folder_the_data_live_in_a_reachable_place(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)

    stand_in = reach.home_for(closed / "var" / "postgres")

    assert stand_in.parent == reach.SYSTEM_PLACE
    assert reach.home_for(closed / "var" / "postgres") == stand_in


def test_a_database_name_is_a_plain_word(postgres: EmbeddedPostgres) -> None:
    with pytest.raises(ValueError, match="not a plain database"):
        postgres.create_database('x"; DROP DATABASE postgres; --')


def test_a_free_port_is_found() -> None:
    assert ports.is_free(ports.any_free())
