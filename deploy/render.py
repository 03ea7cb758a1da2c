"""Render the Kubernetes overlays: `python -m deploy.render` writes deploy/k8s/rendered/.

What a cluster gets is kept in the repository, so that it is reviewed, and checked on machines
without kustomize. Each file opens with a digest of everything that it was made from.
"""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
OVERLAYS = ("development", "production")
RENDERED = "rendered"
# Newer ones need Go 1.27.
KUSTOMIZE = "sigs.k8s.io/kustomize/kustomize/v5@v5.7.1"
INSTALLED = (["kustomize", "build"], ["kubectl", "kustomize"])
COMPILED = ["go", "run", KUSTOMIZE, "build"]


def renderer(*candidates: list[str]) -> list[str] | None:
    """Return the first of these commands that is on this machine."""
    return next((command for command in candidates if shutil.which(command[0])), None)


def render(overlay: Path, command: list[str]) -> str:
    """Return an overlay's manifests.

    RuntimeError: kustomize refuses the overlay.
    """
    command = [*command, str(overlay)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    if done.returncode != 0:
        raise RuntimeError(f"{overlay}: {done.stderr.strip()}")
    return done.stdout


def heading(k8s: Path) -> str:
    """Return the first line of what is rendered from the tree below `k8s` as it is now."""
    digest = hashlib.sha256()
    for path in sorted(path for path in k8s.rglob("*") if path.is_file()):
        if path.relative_to(k8s).parts[0] != RENDERED:
            digest.update(f"{path.relative_to(k8s)}\0".encode() + path.read_bytes() + b"\0")
    return f"# Rendered by `python -m deploy.render`; do not edit. Sources: {digest.hexdigest()}\n"


def main() -> None:
    """Write every overlay.

    SystemExit: there is no kustomize, no kubectl and no Go here.
    """
    k8s = ROOT / "deploy/k8s"
    command = renderer(*INSTALLED, COMPILED)
    if command is None:
        raise SystemExit("deploy.render needs kustomize, kubectl or go on the PATH")
    for name in OVERLAYS:
        text = heading(k8s) + render(k8s / "overlays" / name, command)
        (k8s / RENDERED / f"{name}.yaml").write_text(text)
        sys.stdout.write(f"deploy/k8s/{RENDERED}/{name}.yaml\n")


if __name__ == "__main__":
    main()
