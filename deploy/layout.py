"""Which services there are, and what a deployment calls their parts."""

from pathlib import Path

GATEWAY = "gateway"
APP_PORT = 8000
WORKER_PORT = 9000


def services(root: Path) -> list[str]:
    """Return the names of the services: every folder below `services/` that has an app."""
    return sorted(app.parent.name for app in (root / "services").glob("*/app.py"))


def images(root: Path) -> dict[str, str]:
    """Return image name -> what it runs, for every image that the Dockerfile makes."""
    return {f"anyam/{name}": name for name in [*services(root), GATEWAY]}
