"""Tiny child processes, and a tiny platform made of them: `python -m tests.cli.tiny <folder>`."""

import subprocess
import sys
from pathlib import Path

from cli.children import end, launch
from cli.platform import Stopped, stop_on_signals
from cli.supervisor import Patience, Supervisor

WAITS = "import signal; signal.pause()"
DIES = "raise SystemExit(3)"
QUICK = Patience(ready_within=20, deaths=3, first_pause=0.05, longest_pause=0.1)


class Tiny:
    """A Python one-liner as a child; ready as soon as it runs."""

    def __init__(self, name: str, folder: Path, *, code: str = WAITS) -> None:
        self.name = name
        self.log = folder / f"{name}.log"
        self.pid_file = folder / f"{name}.pid"
        self.code = code
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the one-liner and write down its pid."""
        self.process = launch([sys.executable, "-c", self.code], log=self.log)
        self.pid_file.write_text(str(self.process.pid))

    def stop(self) -> None:
        """End it."""
        end(self.process)

    def running(self) -> bool:
        """Say whether it lives."""
        return self.process is not None and self.process.poll() is None

    def ready(self) -> bool:
        """Say whether it lives: it has nothing to answer."""
        return self.running()


def main(folder: Path) -> None:
    """Supervise two tiny children until a signal."""
    stop_on_signals()
    supervisor = Supervisor(patience=QUICK)
    try:
        supervisor.start(Tiny("one", folder), Tiny("two", folder))
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        supervisor.watch()
    except Stopped:
        pass
    finally:
        supervisor.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
