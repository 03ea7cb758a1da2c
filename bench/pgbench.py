"""PostgreSQL's own load generator, as a yardstick."""

import re
import subprocess
from pathlib import Path

from cli.postgres import EmbeddedPostgres

SPEED = re.compile(r"^tps = ([\d.]+)", re.MULTILINE)
# Every run of the script gets a number of its own, as every request does; they rise together.
SCALE = 10
NUMBER = "\\set turn :turn + 1\n\\set n :turn * :clients + :client_id\n"


def speed(server: EmbeddedPostgres, script: Path, *, url: str, clients: int, times: int) -> float:
    """Run a script `times` in prepared statements; return transactions a second.

    The script finds its number, from 0 on, in `:n`.
    """
    script.with_suffix(".numbered").write_text(NUMBER + script.read_text())
    done = subprocess.run(
        [
            *(server.binaries / "pgbench", "--no-vacuum", "--protocol=prepared"),
            *(f"--client={clients}", "--jobs=2", f"--transactions={times // clients}"),
            *("-D", f"clients={clients}", "-D", "turn=-1"),
            *(f"--file={script.with_suffix('.numbered')}", url),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "number of failed transactions: 0" in done.stdout, done.stdout
    found = SPEED.search(done.stdout)
    assert found
    return float(found[1])


def select_only(server: EmbeddedPostgres, *, url: str, clients: int, seconds: int) -> float:
    """Run pgbench's own `-S` in prepared statements; return transactions a second."""
    done = subprocess.run(
        [
            *(server.binaries / "pgbench", "--no-vacuum", "--protocol=prepared", "--select-only"),
            *(f"--client={clients}", "--jobs=2", f"--time={seconds}", url),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    found = SPEED.search(done.stdout)
    assert found, done.stdout
    return float(found[1])


def initialise(server: EmbeddedPostgres, *, url: str) -> None:
    """Make pgbench's tables, a million accounts."""
    pgbench = server.binaries / "pgbench"
    subprocess.run(
        [pgbench, "--initialize", f"--scale={SCALE}", "--quiet", url],
        capture_output=True,
        check=True,
    )
