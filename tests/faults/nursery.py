"""A process that has imported everything, and forks the harness's processes: fresh ones in no time.

Importing costs seconds of CPU; processes that are killed by the dozen would measure nothing else.
It reads orders from its input, a JSON document a line, and tells on its output who began and ended.
When its input ends it takes its children with it.
"""

import ctypes
import os
import signal
import sys
import traceback
from contextlib import suppress

import orjson

from cli.leash import PR_SET_PDEATHSIG
from tests.faults.process import Order, become


def main() -> None:
    """Fork on every order, until there are no more."""
    children: set[int] = set()
    signal.signal(signal.SIGCHLD, lambda *_: bury(children))
    for line in sys.stdin.buffer:
        wish = orjson.loads(line)
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
        child = bear(wish)
        children.add(child)
        tell(number=wish["number"], pid=child)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
    for child in children:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


def bear(wish: dict[str, object]) -> int:
    """Return the pid of a new child, which becomes what was ordered and never returns."""
    parent = os.getpid()
    child = os.fork()
    if child:
        return child
    live(wish, parent)
    return 0


def live(wish: dict[str, object], parent: int) -> None:
    """Be the child, from the first breath to the last."""
    code = 1
    try:
        stay_with(parent)
        log = os.open(str(wish["log"]), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        become(Order(**wish["order"]))  # type: ignore[arg-type]  # what the driver packed
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(code)


def stay_with(parent: int) -> None:
    """Undo what the nursery set for itself, and die when it dies."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def bury(children: set[int]) -> None:
    """Tell of every child that has ended, with the code that Python would give it."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        children.discard(pid)
        tell(pid=pid, code=os.waitstatus_to_exitcode(status))


def tell(**facts: int) -> None:
    """Write one line."""
    os.write(1, orjson.dumps(facts) + b"\n")


if __name__ == "__main__":
    main()
