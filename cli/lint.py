"""Every check of `make lint`, one after another; all of them run, then the exit code tells."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
PYTHON = [sys.executable, "-m"]
CHECKS = {
    "style": [*PYTHON, "ruff", "check", "--quiet", "."],
    "format": [*PYTHON, "ruff", "format", "--check", "--quiet", "."],
    "types": [*PYTHON, "mypy"],
    "imports": [str(BIN / "lint-imports"), "--no-logo"],
    "deployment": [*PYTHON, "deploy.check"],
    "documents": [*PYTHON, "cli.catalogue", "--check"],
}


def main() -> int:
    """Run the checks with this Python; return how many failed."""
    return sum(failed(name, argv) for name, argv in CHECKS.items())


def failed(name: str, argv: list[str]) -> bool:
    """Run one check; after what it says itself, tell its outcome in one line."""
    done = subprocess.run(argv, cwd=ROOT, check=False)
    sys.stdout.write(f"{name:<12}{'FAILED' if done.returncode else 'ok'}\n")
    sys.stdout.flush()
    return done.returncode != 0


if __name__ == "__main__":
    sys.exit(main())
