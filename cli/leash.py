"""Run a command that ends when the process that started it ends, as another user if asked.

Started as a script (`python -I -S leash.py ...`), it becomes the command: the pid stays the same.
Linux sends the given signal when the thread that started the command ends, so start from the main
thread. Elsewhere there is no such signal: what a killed owner leaves is stopped by the next start.
"""

import argparse
import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
OWNER_IS_GONE = 3


def command(
    *argv: str, ends_with: signal.Signals, user: tuple[int, int] | None = None
) -> list[str]:
    """Return the argv that runs `argv` on a leash held by this process; `user` is (uid, gid)."""
    drop = ["--user", f"{user[0]}:{user[1]}"] if user else []
    options = ["--signal", str(int(ends_with)), "--owner", str(os.getpid()), *drop]
    return [sys.executable, "-I", "-S", __file__, *options, "--", *argv]


def main() -> None:
    """Drop privileges, tie the life of this process to its owner's, and become the command."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--signal", type=int, required=True)
    parser.add_argument("--owner", type=int, required=True)
    parser.add_argument("--user")
    parser.add_argument("argv", nargs="+")
    asked = parser.parse_args()
    os.setsid()  # a Ctrl-C in the terminal is the owner's to handle
    if asked.user:
        become(asked.user)
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, asked.signal, 0, 0, 0)
    if os.getppid() != asked.owner:
        sys.exit(OWNER_IS_GONE)
    os.execv(asked.argv[0], asked.argv)


def become(user: str) -> None:
    """Take the rights of `uid:gid` for those of root; Linux forgets a leash on such a change."""
    uid, gid = (int(part) for part in user.split(":"))
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


if __name__ == "__main__":
    main()
