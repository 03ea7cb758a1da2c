"""Secrets that are made once and kept in files that only their owner reads."""

import json
import os
import secrets
from pathlib import Path


def write_private(path: Path, text: str) -> None:
    """Replace `path` by `text` in one step, readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    unfinished.touch(mode=0o600)
    unfinished.write_text(text)
    unfinished.replace(path)


class Passwords:
    """The passwords of the database roles: role -> password, in one private JSON file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}

    def of(self, role: str) -> str:
        """Return the role's password; a new role gets a random one, stored before it is used."""
        if role not in self.known:
            self.known[role] = secrets.token_urlsafe(24)
            write_private(self.path, json.dumps(self.known, indent=2) + "\n")
        return self.known[role]
