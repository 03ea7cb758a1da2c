"""Where an unprivileged user can read and write, when the platform is started by root."""

import hashlib
import os
import pwd
import shutil
import stat
from pathlib import Path

SYSTEM_PLACE = Path("/var/lib/anyam")


def unprivileged() -> tuple[int, int] | None:
    """Return (uid, gid) of `nobody` when we are root, as whom PostgreSQL refuses to run."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


def reachable(path: Path) -> bool:
    """Say whether any user may walk to `path`: each existing folder above it is open to others."""
    parents = [each for each in path.resolve().parents if each.exists()]
    return all(each.stat().st_mode & stat.S_IXOTH for each in parents)


def home_for(folder: Path) -> Path:
    """Return `folder`, or its stand-in below /var/lib/anyam if `nobody` cannot reach it."""
    if unprivileged() is None or reachable(folder):
        return folder
    name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:12]
    return SYSTEM_PLACE / name


def open_copy(sources: list[Path], *, name: str, leave_out: str) -> Path:
    """Return the folder of `sources`, or a copy that anybody may read and run, made once."""
    if unprivileged() is None or all(reachable(each) and open_to_others(each) for each in sources):
        return sources[0].parent
    target = SYSTEM_PLACE / name
    if not target.exists():
        unfinished = open_folder(SYSTEM_PLACE / f"{name}.{os.getpid()}")
        for each in sources:
            ignore = shutil.ignore_patterns(leave_out)
            shutil.copytree(each, unfinished / each.name, ignore=ignore, symlinks=True)
        open_to_all(unfinished)
        unfinished.replace(target)
    return target


def open_folder(path: Path) -> Path:
    """Make `path` and let others walk through it, whatever the umask says."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o711)
    return path


def open_to_others(folder: Path) -> bool:
    """Say whether `folder` itself was installed readable for others (a strict umask is not)."""
    wanted = stat.S_IXOTH | stat.S_IROTH
    return folder.stat().st_mode & wanted == wanted


def open_to_all(folder: Path) -> None:
    """Let others read all files, and run those that the owner may run."""
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))
